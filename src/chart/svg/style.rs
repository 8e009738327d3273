//! The colors and letters of the picture, on paper and on a dark screen. Nothing is fetched: no fonts, no files.

/// What the picture's own style sheet says. Colors of the lights are those of the stage, darker on paper.
pub(super) const STYLE: &str = "\
text{font-family:system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif;fill:#2b2540}
.paper{fill:#fffdf9}
.title{font-size:40px;font-weight:600}
.quiet{fill:#6d6585}
.small{font-size:22px}
.name{font-size:24px}
.band{fill:#2b2540;fill-opacity:.045}
.bar{stroke:#2b2540;stroke-opacity:.13;stroke-width:1}
.group{stroke:#2b2540;stroke-opacity:.38;stroke-width:1.5}
.beat{stroke:#2b2540;stroke-opacity:.3;stroke-width:1}
.heading{fill:#2b2540;fill-opacity:.13}
.section{fill-opacity:.30}
.s0{fill:#7a6ff0}.s1{fill:#e0567f}.s2{fill:#2fa79a}.s3{fill:#d99a2b}.s4{fill:#5b9bd5}.s5{fill:#a3b04a}
.peak{fill:#8d84ab;fill-opacity:.45}
.mean{fill:#6d6585}
.relay{fill:#d6246e}
.ssr{fill:#0f8f7e}
.pwm,.dimmer{fill:#d98a00}
@media(prefers-color-scheme:dark){
text{fill:#f4e8d4}
.paper{fill:#0f0c1a}
.quiet{fill:#9286a8}
.band{fill:#fff;fill-opacity:.06}
.bar{stroke:#fff;stroke-opacity:.14}
.group{stroke:#fff;stroke-opacity:.38}
.beat{stroke:#fff;stroke-opacity:.3}
.heading{fill:#fff;fill-opacity:.15}
.section{fill-opacity:.45}
.peak{fill:#9286a8;fill-opacity:.4}
.mean{fill:#9286a8}
.relay{fill:#ff548c}
.ssr{fill:#46d8c4}
.pwm,.dimmer{fill:#ffb448}
}
";

/// How many colors sections have.
pub(super) const SECTION_COLOURS: usize = 6;
