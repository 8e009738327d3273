//! A list without its brackets: `pins = 2, 3`. Knows no keys.

use super::token::is_scalar;

/// `line` with its values in brackets, if it is a key and several values.
pub(super) fn list_meant(line: &str) -> Option<String> {
    let (key, values) = line.split_once(['=', ':'])?;
    let values = values.trim().trim_start_matches(['{', '(', '[']).trim_end_matches(['}', ')', ']']);
    let is_plain = |text: &str| !text.contains(['=', '{', '[', ':', '#', '(']);
    if !is_plain(key) || !is_plain(values) {
        return None;
    }
    let values: Vec<String> = values
        .split([',', ';'])
        .flat_map(|value| value.split(" and "))
        .map(|value| value.trim().trim_matches(['"', '\'', '“', '”', '„']))
        .filter(|value| !value.is_empty())
        .map(|value| if is_scalar(value) { value.to_owned() } else { format!("\"{value}\"") })
        .collect();
    (!values.is_empty()).then(|| format!("{} = [{}]", key.trim(), values.join(", ")))
}
