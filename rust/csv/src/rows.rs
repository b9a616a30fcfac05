//! Rows that were read.

use crate::columns::Columns;
use crate::row::find_fields;
use crate::specials::Specials;
use arrow_array::StringViewArray;

/// Some columns of all rows, and the text of the rows, so that others can be read of a few.
#[derive(Debug, Default)]
pub struct Rows {
    /// Of equal length, as they were asked for; an empty field is null.
    pub columns: Vec<StringViewArray>,
    pub(crate) texts: Texts,
}

/// The text of rows, as it came.
#[derive(Debug, Default)]
pub struct Texts {
    texts: Vec<String>,
    starts: Vec<(usize, usize)>, // of each row: in which text, and where
}

impl Rows {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.len() == 0
    }

    /// Returns columns of the header, counted from 0, of some rows, in the order in which both are given.
    ///
    /// # Panics
    ///
    /// If there is no such row or column.
    #[must_use]
    pub fn pick(&self, rows: &[usize], columns: &[usize]) -> Vec<StringViewArray> {
        let mut picked = Columns::new(columns.len());
        let mut fields = Vec::new();
        for &row in rows {
            let (text, start) = self.texts.starts[row];
            let text = &self.texts.texts[text][start..];
            find_fields(text.as_bytes(), 0, &mut Specials::new(text.as_bytes()), 0, &mut fields).expect("it was read");
            picked.push(text, &fields, columns);
        }
        picked.finish()
    }
}

impl Texts {
    /// A row of the text that is kept next.
    pub fn push(&mut self, start: usize) {
        self.starts.push((self.texts.len(), start));
    }

    /// The text in which the last rows stand.
    pub fn keep(&mut self, text: String) {
        self.texts.push(text);
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// How much memory it takes.
    pub fn bytes(&self) -> usize {
        self.texts.iter().map(String::len).sum::<usize>() + size_of_val(&self.starts[..])
    }
}
