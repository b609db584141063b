"""Which device is chosen, in which precision, and what is said where it is missing."""

import pytest

from embeddings import DeviceNotFound, LoadOptions, ModelUnusable, load_encoder
from embeddings.device import Accelerators, find_accelerators, may_have_accelerator, place
from embeddings.precision import choose

NONE = Accelerators(absence="torch 2.13.0+cpu is built for the CPU only")
H200 = Accelerators(cuda=("NVIDIA H200", "NVIDIA H200"), cuda_bfloat16=True)
T4 = Accelerators(cuda=("Tesla T4",))
M4 = Accelerators(mps=True)


@pytest.mark.parametrize(
    ("wanted", "found", "device", "places", "precision"),
    [
        ("auto", NONE, "cpu", ("cpu",), choose("auto")),
        ("auto", H200, "cuda", ("cuda:0", "cuda:1"), "bfloat16"),
        ("auto", T4, "cuda", ("cuda:0",), "float16"),
        ("auto", M4, "mps", ("mps",), "float32"),
        ("cpu", H200, "cpu", ("cpu",), choose("auto")),
        ("cuda", T4, "cuda", ("cuda:0",), "float16"),
        ("mps", M4, "mps", ("mps",), "float32"),
    ],
)
def test_a_model_runs_on_what_torch_finds(wanted, found, device, places, precision):
    """
    A GPU before the CPU, in the precision that it multiplies in, unless another device is asked for.
    """
    placement = place(wanted, "auto", found)

    assert (placement.device, placement.places, placement.precision) == (device, places, precision)
    assert placement.reason


@pytest.mark.parametrize(("wanted", "found"), [("cuda", NONE), ("mps", NONE), ("cuda", M4), ("mps", H200)])
def test_a_missing_device_is_one_sentence(wanted, found):
    """
    What is asked for by name is not silently replaced.
    """
    with pytest.raises(DeviceNotFound, match=rf"{wanted} is not, only cpu.*choose --device auto") as caught:
        place(wanted, "auto", found)

    assert "\n" not in str(caught.value)


def test_the_precision_of_an_index_is_kept_on_any_device():
    """
    Naming the precision that an index was built with gives it.
    """
    assert [place("auto", "float32", found).precision for found in (NONE, H200, M4)] == ["float32"] * 3


def test_torch_is_asked_only_where_a_driver_is(tmp_path):
    """
    A question about the bundled model waits for no torch on a machine without a GPU.
    """
    driver = tmp_path / "nvidiactl"
    absent = may_have_accelerator((str(driver),), "linux")
    driver.touch()

    assert not absent
    assert may_have_accelerator((str(driver),), "linux")
    assert may_have_accelerator((), "darwin")


def test_absence_has_a_reason():
    """
    What torch finds on this machine, or why it finds nothing.
    """
    found = find_accelerators()

    assert bool(found.cuda or found.mps) != bool(found.absence)


@pytest.mark.skipif(bool(find_accelerators().cuda), reason="this machine has the device")
@pytest.mark.parametrize("model", [None, "folder"])
def test_a_missing_device_is_refused_for_any_model(model, folder):
    """
    The bundled model's and another's alike.
    """
    with pytest.raises(DeviceNotFound):
        load_encoder(model and str(folder), options=LoadOptions(device="cuda"))


def test_a_process_that_only_asks_leaves_the_bundled_model_on_the_cpu():
    """
    Unless a device is asked for, since the CPU reads a question before a GPU is ready; other models go to the GPU.
    """
    auto, cuda = LoadOptions(), LoadOptions(device="cuda")

    assert auto.for_questions(None).device == "cpu"
    assert auto.for_questions("BAAI/bge-m3").device == "auto"
    assert cuda.for_questions(None) == cuda


def test_the_bundled_model_is_cut_as_any_other(encoder):
    """
    The first dimensions as unit vectors, another fingerprint, and not by OpenVINO.
    """
    cut = load_encoder(dimensions=64, precision="float32")

    part = encoder.encode_queries(["Biển Đông"])[:, :64]
    cosine = (cut.encode_queries(["Biển Đông"]) * part).sum() / (part**2).sum() ** 0.5
    assert cosine > 0.9999
    assert not cut.mixes_with(encoder.token_fingerprint)
    with pytest.raises(ModelUnusable, match="leave out --encoder"):
        load_encoder(engine="openvino", dimensions=64)
