"""The form of Vietnamese administrative documents, as Nghị định 30/2020/NĐ-CP prescribes it."""
