//! Text as it comes, cut into whole rows.

use crate::columns::Columns;
use crate::fault::{Fault, Result};
use crate::row::{Field, find_fields};
use crate::rows::{Rows, Texts};
use crate::specials::Specials;
use std::string::FromUtf8Error;

/// Reads some columns of CSV text that comes piece by piece, its header first.
#[derive(Debug)]
pub struct Reader {
    width: usize,
    asked: Vec<usize>, // columns of the header
    columns: Columns,
    texts: Texts,
    row: u64,
    rest: Vec<u8>,
    largest_row: usize, // bytes
    awaited: usize,     // bytes: before so many are there, another look for the end of a row is not worth it
}

impl Reader {
    /// Of a file whose header has `width` fields; `columns` are counted from 0.
    ///
    /// A row that does not end is given up after some `largest_row` bytes: a quote that is never closed would take all
    /// memory.
    ///
    /// # Panics
    ///
    /// If the header has no such column.
    #[must_use]
    pub fn new(width: usize, columns: &[usize], largest_row: usize) -> Self {
        assert!(columns.iter().all(|&column| column < width), "the header has {width} columns");
        let asked = columns.to_vec();
        let columns = Columns::new(asked.len());
        Self { width, asked, columns, texts: Texts::default(), row: 0, rest: Vec::new(), largest_row, awaited: 0 }
    }

    /// Reads a piece of text, and returns how much memory the rows take, with all of their columns, that were read and
    /// not taken.
    ///
    /// A row may be read with a later piece than the one it ends in.
    ///
    /// # Errors
    ///
    /// The text is not UTF-8, or a row is not made of fields, or has more or fewer of them than the header. What follows
    /// is not read any more.
    pub fn read(&mut self, piece: &[u8]) -> Result<usize> {
        self.rest.extend_from_slice(piece);
        if self.rest.len() >= self.awaited {
            self.read_rest()?;
        }
        if self.rest.len() > self.largest_row {
            return Err(Fault::Endless { row: self.row, bytes: self.rest.len() });
        }
        Ok(self.texts.bytes() + self.texts.len() * self.width * size_of::<u128>()) // of a view of each field
    }

    /// Reads the last row, whose line may have no end, or half of one.
    ///
    /// # Errors
    ///
    /// As `read`; or a quote is open.
    pub fn end(&mut self) -> Result<()> {
        if self.rest.last().is_some_and(|&byte| byte != b'\n') {
            self.rest.push(b'\n');
        }
        self.read_rest()?;
        if self.rest.is_empty() { Ok(()) } else { Err(Fault::QuoteOpen { row: self.row }) }
    }

    /// Returns the rows that were read since the last call.
    pub fn take(&mut self) -> Rows {
        Rows { columns: self.columns.finish(), texts: std::mem::take(&mut self.texts) }
    }

    /// Reads whole rows; what stands behind the last of them, or from the first that is none, is left.
    fn read_rest(&mut self) -> Result<()> {
        let (text, cut) = whole_characters(std::mem::take(&mut self.rest)).map_err(|error| {
            let (start, length) = (error.utf8_error().valid_up_to(), error.utf8_error().error_len());
            self.rest = error.into_bytes();
            Fault::NotText { bytes: self.rest[start..][..length.unwrap_or_default()].to_vec() }
        })?;
        let mut specials = Specials::new(text.as_bytes());
        let mut fields = Vec::with_capacity(self.width);
        let mut start = 0;
        let read = loop {
            match self.read_row(&text, start, &mut specials, &mut fields) {
                Ok(Some(end)) => start = end,
                Ok(None) => break Ok(()),
                Err(fault) => break Err(fault),
            }
            self.row += 1;
        };
        self.rest.extend_from_slice(&text.as_bytes()[start..]);
        self.rest.extend(cut);
        self.awaited = if start == 0 && read.is_ok() { 2 * self.rest.len() } else { 0 };
        if start > 0 {
            self.texts.keep(text);
        }
        read
    }

    /// Reads a row, the header or a blank line, and returns where it ends; None if that is not in the text.
    fn read_row(
        &mut self,
        text: &str,
        start: usize,
        specials: &mut Specials,
        fields: &mut Vec<Field>,
    ) -> Result<Option<usize>> {
        let is_blank = text[start..].starts_with('\n') || text[start..].starts_with("\r\n");
        if is_blank && self.row > 0 {
            return Ok(specials.next().map(|stop| stop + 1));
        }
        let end = find_fields(text.as_bytes(), start, specials, self.row, fields)?;
        if end.is_none() {
            return Ok(None);
        }
        if fields.len() != self.width {
            return Err(Fault::Ragged { row: self.row, fields: fields.len(), width: self.width });
        }
        if self.row > 0 {
            self.columns.push(text, fields, &self.asked);
            self.texts.push(start);
        }
        Ok(end)
    }
}

/// The text, and the bytes of a character at its end that are there while others are not.
fn whole_characters(bytes: Vec<u8>) -> std::result::Result<(String, Vec<u8>), FromUtf8Error> {
    let error = match String::from_utf8(bytes) {
        Err(error) if error.utf8_error().error_len().is_none() => error,
        whole => return whole.map(|text| (text, Vec::new())),
    };
    let end = error.utf8_error().valid_up_to();
    let mut bytes = error.into_bytes();
    let cut = bytes.split_off(end);
    String::from_utf8(bytes).map(|text| (text, cut))
}
