//! What another version may say that this one does not know. Knows no field.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

/// For what a later version may say in words of its own.
pub(super) fn known_or_default<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: DeserializeOwned + Default,
    D: Deserializer<'de>,
{
    let value = serde_json::Value::deserialize(from)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// Those that this version understands; a later one may have more kinds.
pub(super) fn known_ones<'de, T, D>(from: D) -> Result<Arc<[T]>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    let values = Vec::<serde_json::Value>::deserialize(from)?;
    Ok(values.into_iter().filter_map(|value| serde_json::from_value(value).ok()).collect())
}
