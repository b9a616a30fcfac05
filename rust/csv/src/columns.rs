//! Fields on their way into columns.

use crate::row::Field;
use arrow_array::StringViewArray;
use arrow_array::builder::StringViewBuilder;

/// One builder for each column that is asked for.
#[derive(Debug)]
pub struct Columns {
    builders: Vec<StringViewBuilder>,
    undoubled: String,
}

impl Columns {
    pub fn new(count: usize) -> Self {
        Self { builders: (0..count).map(|_| StringViewBuilder::new()).collect(), undoubled: String::new() }
    }

    /// Some fields of a row, in the order of the columns; an empty one is null.
    pub fn push(&mut self, text: &str, fields: &[Field], asked: &[usize]) {
        for (builder, &column) in self.builders.iter_mut().zip(asked) {
            match fields[column].content(text, &mut self.undoubled) {
                "" => builder.append_null(),
                content => builder.append_value(content),
            }
        }
    }

    /// Columns of equal length.
    pub fn finish(&mut self) -> Vec<StringViewArray> {
        self.builders.iter_mut().map(StringViewBuilder::finish).collect()
    }
}
