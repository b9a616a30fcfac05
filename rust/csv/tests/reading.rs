//! What is read as what, rule by rule. In a row that was read, `|` stands between fields and `-` for null.

use arrow_array::{Array, StringViewArray};
use infercost_csv::{Fault, Reader, Result, Rows};

const PLENTY: usize = 1 << 30;

/// Reads a table of two columns.
fn read(text: &str) -> Result<Rows> {
    let mut reader = Reader::new(2, &[0, 1], PLENTY);
    reader.read(text.as_bytes())?;
    reader.end()?;
    Ok(reader.take())
}

fn rows(text: &str) -> Vec<String> {
    let read = read(text).expect("it can be read");
    lines(read.len(), &read.columns)
}

fn lines(count: usize, columns: &[StringViewArray]) -> Vec<String> {
    let cell = |column: &StringViewArray, row| if column.is_null(row) { "-" } else { column.value(row) }.to_owned();
    let line = |row| columns.iter().map(|column| cell(column, row)).collect::<Vec<_>>().join("|");
    (0..count).map(line).collect()
}

fn message(text: &str) -> String {
    read(text).expect_err("it is refused").to_string()
}

#[test]
fn rows_end_in_line_feeds_with_or_without_carriage_returns() {
    assert_eq!(rows("a,b\n1,2\n3,4\n"), ["1|2", "3|4"]);
    assert_eq!(rows("a,b\r\n1,2\r\n3,4\r\n"), ["1|2", "3|4"]);
    assert_eq!(rows("a,b\n\"1\",\"2\"\r\n3,4\n"), ["1|2", "3|4"]);
}

#[test]
fn the_last_row_needs_no_line_end() {
    assert_eq!(rows("a,b\n1,2"), ["1|2"]);
    assert_eq!(rows("a,b\n1,\"2\""), ["1|2"]);
    assert_eq!(rows("a,b\n1,"), ["1|-"]);
}

#[test]
fn blank_lines_are_no_rows_and_are_counted() {
    assert_eq!(rows("a,b\n\n1,2\n\r\n\n3,4\n\n"), ["1|2", "3|4"]);
    assert_eq!(message("a,b\n\n1,2\n\r\n3\n"), "row 4 has 1 fields, the header has 2");
}

#[test]
fn a_line_with_a_blank_in_it_is_a_row() {
    assert_eq!(message("a,b\n \n"), "row 1 has 1 fields, the header has 2");
    assert_eq!(message("a,b\n\"\"\n"), "row 1 has 1 fields, the header has 2");
}

#[test]
fn a_carriage_return_elsewhere_is_text() {
    assert_eq!(rows("a,b\n\r1,2\r3\n4\r,5\r\r\n"), ["\r1|2\r3", "4\r|5\r"]);
}

#[test]
fn a_carriage_return_at_the_end_of_the_file_is_half_a_line_end() {
    assert_eq!(rows("a,b\r\n1,2\r"), ["1|2"]);
    assert_eq!(rows("a,b\r\n1,\"2\"\r"), ["1|2"]);
    assert_eq!(rows("a,b\r\n1,2\r\n\r"), ["1|2"]);
}

#[test]
fn an_empty_field_is_null_quoted_or_not() {
    assert_eq!(rows("a,b\n,\n\"\",\"\"\n ,\" \"\n"), ["-|-", "-|-", " | "]);
}

#[test]
fn what_is_quoted_may_hold_commas_line_ends_and_doubled_quotes() {
    assert_eq!(rows("a,b\n\"1,\n\r\n\r\",\"\"\"2\"\" \"\"\"\"\"\n"), ["1,\n\r\n\r|\"2\" \"\""]);
    assert_eq!(rows("\"a,\n\",b\n1,2\n"), ["1|2"]);
}

#[test]
fn quotes_stand_around_a_whole_field() {
    for odd in ["5\"", "5\" disk", " \"5\"", "\"5\" ", "\"5\"\r", "\"5\"6\"", "\"5\\\"6\""] {
        assert_eq!(
            message(&format!("a,b\n1,2\n{odd},4\n5,6\n")),
            "row 2 has a quote within a field, or one before it was never closed"
        );
    }
}

#[test]
fn a_row_has_as_many_fields_as_the_header() {
    assert_eq!(message("a,b\n1,2\n3\n"), "row 2 has 1 fields, the header has 2");
    assert_eq!(message("a,b\n1,2,\n"), "row 1 has 3 fields, the header has 2");
    assert_eq!(message("a,b,c\n"), "the first line has 3 fields, the header has 2");
}

#[test]
fn a_quote_that_is_never_closed_is_placed() {
    assert_eq!(message("a,b\n1,2\n3,\"4\n5,6\n"), "row 2 has a quote that is opened and not closed");
    assert_eq!(read("a,b\n\"\"\"\n").expect_err("it is refused"), Fault::QuoteOpen { row: 1 });
    assert_eq!(read("a,\"b\n").expect_err("it is refused"), Fault::QuoteOpen { row: 0 });
}

#[test]
fn a_row_that_is_larger_than_allowed_is_not_waited_for() {
    let mut reader = Reader::new(1, &[0], 10);
    assert!(reader.read(b"a\n\"23456789\"\n\"23456789").is_ok());
    let fault = reader.read(b"012").expect_err("it is refused");
    assert_eq!(fault.to_string(), "row 2 has no end within 12 bytes");
}

#[test]
fn behind_a_fault_nothing_is_read_and_what_stands_before_it_is_whole() {
    for bad in ["2,3\n", "2\"\n"].map(str::as_bytes).into_iter().chain([&b"\xff\n"[..]]) {
        let mut reader = Reader::new(1, &[0], PLENTY);
        reader.read(b"a\n1\n").expect("it can be read");
        let fault = reader.read(bad).expect_err("it is refused");
        assert_eq!(reader.read(b"4\n").expect_err("it is refused"), fault);
        let rows = reader.take();
        assert_eq!(lines(rows.len(), &rows.columns), ["1"]);
        assert_eq!(lines(1, &rows.pick(&[0], &[0])), ["1"]);
    }
}

#[test]
fn a_blank_first_line_is_no_header() {
    assert_eq!(message("\na,b\n1,2\n"), "the first line has 1 fields, the header has 2");
}

#[test]
fn fifty_megabytes_behind_an_open_quote_are_not_gone_through_again_for_every_piece() {
    let mut reader = Reader::new(1, &[0], PLENTY);
    reader.read(b"a\n\"").expect("it may be closed yet");
    for _ in 0..50_000 {
        reader.read(&[b'x'; 1_000]).expect("it may be closed yet");
    }
    reader.read(b"\n").expect("it may be closed yet");
    assert_eq!(reader.end(), Err(Fault::QuoteOpen { row: 1 }));
}

#[test]
fn a_long_row_in_small_pieces_is_whole() {
    let mut reader = Reader::new(1, &[0], PLENTY);
    reader.read(b"a\n\"").expect("it may be closed yet");
    for _ in 0..1_000 {
        reader.read(b"\"\"\n,").expect("it may be closed yet");
    }
    reader.read(b"\"\nlast\n").expect("it is closed");
    reader.end().expect("it is whole");
    assert_eq!(lines(2, &reader.take().columns), ["\"\n,".repeat(1_000), "last".to_owned()]);
}

#[test]
fn bytes_that_are_no_character_are_refused() {
    let mut reader = Reader::new(1, &[0], PLENTY);
    let fault = reader.read(b"a\n1\n\xff2\n").expect_err("it is refused");
    assert_eq!(fault, Fault::NotText { bytes: b"\xff".to_vec() });
    assert_eq!(fault.to_string(), "not text in UTF-8");
}

#[test]
fn a_character_may_come_in_pieces_and_has_to_be_whole_in_the_end() {
    let mut reader = Reader::new(1, &[0], PLENTY);
    for byte in "a\né🙂\n".bytes() {
        reader.read(&[byte]).expect("it is text so far");
    }
    reader.end().expect("it is text");
    assert_eq!(lines(1, &reader.take().columns), ["é🙂"]);
    reader.read(b"\xc3").expect("it is text so far");
    assert!(matches!(reader.end(), Err(Fault::NotText { .. })));
}

#[test]
fn a_header_alone_has_no_rows() {
    for text in ["a,b", "a,b\n", "a,b\r\n\n", ""] {
        let read = read(text).expect("it can be read");
        assert!(read.is_empty());
        assert!(read.columns.iter().all(Array::is_empty));
        assert!(read.pick(&[], &[1, 0]).iter().all(Array::is_empty));
    }
}

#[test]
fn columns_come_as_they_are_asked_for() {
    let mut reader = Reader::new(3, &[2, 0], PLENTY);
    reader.read(b"a,b,c\n1,2,3\n,5,\n").expect("it can be read");
    let rows = reader.take();
    assert_eq!(lines(rows.len(), &rows.columns), ["3|1", "-|-"]);
}

#[test]
fn others_are_picked_of_some_rows() {
    let rows = read("a,b\n1,2\n\n3,\n\"5\"\"\",6\n").expect("it can be read");
    assert_eq!(lines(4, &rows.pick(&[2, 0, 2, 1], &[1, 0, 1])), ["6|5\"|6", "2|1|2", "6|5\"|6", "-|3|-"]);
}

#[test]
fn what_rows_take_counts_every_column_even_empty_ones() {
    let mut reader = Reader::new(1_000, &[0], PLENTY);
    let text = format!("{}\n", ",".repeat(999)).repeat(11);
    assert!(reader.read(text.as_bytes()).expect("it can be read") > 10 * 1_000 * 16);
}

#[test]
fn rows_are_taken_once_and_then_take_no_memory() {
    let mut reader = Reader::new(1, &[0], PLENTY);
    let text = format!("a\n{}", "a row that is longer than a view\n".repeat(1_000));
    assert!(reader.read(text.as_bytes()).expect("it can be read") >= text.len());
    assert_eq!(reader.take().len(), 1_000);
    assert!(reader.read(b"the next\n").expect("it can be read") < 1_000);
    assert_eq!(lines(1, &reader.take().columns), ["the next"]);
}
