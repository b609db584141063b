"""
The style of the page of HTML: light, dark, printed, on a phone.
"""

from typing import Final

STYLE: Final = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1b1f;--dim:#5d6068;--line:#d9dbe1;--soft:#f4f5f8;
--paragraph:#1c62c9;--heading:#7a32b8;--note:#0d7a52;--header:#6b6f78;--lost:#c8102e;--lost-soft:#fdebee}
@media (prefers-color-scheme:dark){:root{--paper:#17181c;--ink:#e8e8ec;--dim:#a3a7b2;--line:#363943;--soft:#202228;
--paragraph:#7fb0ff;--heading:#cf9dff;--note:#5fd3a6;--header:#a3a7b2;--lost:#ff7a8c;--lost-soft:#3a1d23}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1500px;padding:1rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
h1{font-size:1.4rem;line-height:1.3;margin:0 0 .6rem}
h2{font-size:1rem;margin:0 0 .6rem;color:var(--dim)}
h3{font-size:.9rem;margin:.8rem 0 .3rem;color:var(--lost)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem;margin:0 0 .8rem;font-size:.9rem}
dt{color:var(--dim)}
dd{margin:0}
p{margin:0}
.unread,.limit{padding:.5rem .7rem;margin:.5rem 0;border-radius:.3rem;background:var(--lost-soft);font-size:.9rem}
.limit{background:var(--soft)}
.legend{font-size:.85rem;line-height:2;margin:.5rem 0 1rem}
.key{padding:.1rem .4rem;border:2px solid;border-radius:.2rem;white-space:nowrap}
.page{border-top:1px solid var(--line);padding:1rem 0;content-visibility:auto;contain-intrinsic-size:auto 900px}
.beside{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1.2rem;align-items:start}
.beside>.read:only-child{grid-column:1/-1}
.sheet{position:relative;background:#fff;border:1px solid var(--line)}
.sheet img{display:block;width:100%;height:100%}
.box{position:absolute;outline:2px solid;outline-offset:1px;border-radius:1px;text-decoration:none}
.box b{position:absolute;right:100%;top:-.2em;margin-right:3px;padding:0 .25em;border-radius:.2em;
white-space:nowrap;font:700 11px/1.35 system-ui,sans-serif;color:#fff;background:#1c62c9}
.box.paragraph,.key.paragraph{outline-color:#1c62c9;border-color:var(--paragraph)}
.box.heading,.key.heading{outline-color:#7a32b8;border-color:var(--heading)}
.box.heading b{background:#7a32b8}
.box.caption,.box.footnote,.key.footnote{outline-color:#0d7a52;border-color:var(--note)}
.box.caption b,.box.footnote b{background:#0d7a52}
.box.header{outline:1px dashed #6b6f78}
.key.header{border:2px dashed var(--header)}
.box.lost{outline-color:#c8102e;background:rgba(200,16,46,.16)}
.key.lost{border-color:var(--lost);color:var(--lost)}
.box.picture{outline:2px dashed #c8102e}
.key.picture{border:2px dashed var(--lost)}
.box.whole{inset:0;padding:1rem;color:#c8102e;font-weight:700;text-align:center;outline-offset:-2px;
background:rgba(200,16,46,.1)}
.section{margin:.7rem 0 .15rem;color:var(--dim);font-size:.8rem}
.entry{display:grid;grid-template-columns:2.6rem 1fr;gap:.4rem;padding:.2rem .3rem;border-radius:.2rem}
.entry:target,.box:target{background:rgba(255,214,64,.35)}
.number{color:var(--paragraph);font-size:.8rem;line-height:1.9;text-align:right;text-decoration:none}
.heading .number{color:var(--heading)}
.caption .number,.footnote .number{color:var(--note)}
.words{white-space:pre-wrap}
.heading .words{font-weight:600}
.caption .words,.footnote .words{font-size:.9rem}
small{color:var(--dim);font-size:.75rem}
.goes-on{color:var(--dim);font-size:.85rem;padding:.2rem .3rem}
.goes-on a{color:inherit}
.lost{color:var(--lost)}
p.lost{padding:.1rem .5rem;margin:.15rem 0;background:var(--lost-soft);border-left:3px solid var(--lost);
font-size:.9rem;white-space:pre-wrap}
.flow{max-width:52rem;border-top:1px solid var(--line);padding-top:1rem}
@media (max-width:800px){body{padding:.7rem}.beside{grid-template-columns:minmax(0,1fr)}
.box{outline-width:1px}.box b{font-size:8px;margin-right:2px}}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--lost-soft:#fdebee;--soft:#f4f5f8}
body{max-width:none;font-size:10pt}.page{content-visibility:visible;break-before:page;border:0}
.sheet,.entry{break-inside:avoid}.box,.key,p.lost,.unread{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""
