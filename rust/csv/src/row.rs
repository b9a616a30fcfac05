//! One row, cut into fields.

use crate::fault::{Fault, Result};
use crate::specials::Specials;

/// Where a field stands, without the quotes around it, and which comma or line feed ends it.
#[derive(Debug)]
pub struct Field {
    start: usize,
    end: usize,
    stop: usize,
    is_doubled: bool, // it holds quotes, each of them doubled
}

impl Field {
    /// What the field says; `undoubled` is where that is put if it does not stand so in the text.
    #[inline]
    pub fn content<'a>(&self, text: &'a str, undoubled: &'a mut String) -> &'a str {
        let content = &text[self.start..self.end];
        if self.is_doubled { undouble(content, undoubled) } else { content }
    }
}

fn undouble<'a>(content: &str, undoubled: &'a mut String) -> &'a str {
    undoubled.clear();
    let mut rest = content;
    while let Some(at) = rest.find('"') {
        undoubled.push_str(&rest[..=at]);
        rest = &rest[at + 2..];
    }
    undoubled.push_str(rest);
    undoubled
}

/// Finds the fields of the row that starts there, and returns where it ends; None if its end is not in the text.
pub fn find_fields(
    text: &[u8],
    start: usize,
    specials: &mut Specials,
    row: u64,
    fields: &mut Vec<Field>,
) -> Result<Option<usize>> {
    fields.clear();
    let mut start = start;
    while let Some(field) = find_field(text, start, specials, row)? {
        start = field.stop + 1;
        fields.push(field);
        if text[start - 1] == b'\n' {
            return Ok(Some(start));
        }
    }
    Ok(None)
}

#[inline]
fn find_field(text: &[u8], start: usize, specials: &mut Specials, row: u64) -> Result<Option<Field>> {
    let Some(stop) = specials.next() else { return Ok(None) };
    if text[stop] != b'"' {
        let is_cut = text[stop] == b'\n' && text[start..stop].ends_with(b"\r");
        return Ok(Some(Field { start, end: stop - usize::from(is_cut), stop, is_doubled: false }));
    }
    if stop != start {
        return Err(Fault::QuoteWithin { row });
    }
    let mut is_doubled = false;
    while let Some(end) = specials.quote() {
        let Some(stop) = specials.next() else { return Ok(None) };
        match &text[end + 1..=stop] {
            b"\"" => is_doubled = true,
            b"," | b"\n" | b"\r\n" => return Ok(Some(Field { start: start + 1, end, stop, is_doubled })),
            _ => return Err(Fault::QuoteWithin { row }),
        }
    }
    Ok(None)
}
