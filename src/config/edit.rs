//! Changes values in a TOML file, and nothing else in it: remarks, order and layout stay. The only file that uses
//! `toml_edit`. Knows no key's meaning.

use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value};

/// A TOML file that is being changed.
pub(crate) struct TomlEdit(DocumentMut);

/// Where a value goes: the keys of the tables from the top of the file on, then its own.
pub(crate) type KeyPath<'a> = [&'a str];

impl TomlEdit {
    /// `None` if `text` is no TOML.
    pub(crate) fn of(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    /// Whether something stands there at the top of the file.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    pub(crate) fn text(&self) -> String {
        self.0.to_string()
    }

    /// Writes `value` at `path`; tables that are missing are made, the first as `[table]` and those in it in braces. `None`
    /// where something else stands in place of a table.
    pub(crate) fn set(&mut self, path: &KeyPath<'_>, value: impl Into<Value>) -> Option<()> {
        let (key, tables) = path.split_last()?;
        let mut is_in_braces = false;
        let mut table: &mut dyn TableLike = self.0.as_table_mut();
        for (depth, name) in tables.iter().enumerate() {
            let made = || {
                if depth == 0 { Item::Table(Table::new()) } else { Item::Value(InlineTable::new().into()) }
            };
            let item = table.entry(name).or_insert_with(made);
            is_in_braces = item.is_inline_table();
            table = item.as_table_like_mut()?;
        }
        let mut value = value.into();
        match table.get_mut(key).and_then(Item::as_value_mut) {
            // Replaced in place, so that its remark stays.
            Some(old) => {
                *value.decor_mut() = old.decor().clone();
                *old = value;
            }
            None => {
                table.insert(key, Item::Value(value));
                // Where the last value had a space behind it, the comma would come after that.
                if is_in_braces {
                    table.fmt();
                }
            }
        }
        Some(())
    }
}
