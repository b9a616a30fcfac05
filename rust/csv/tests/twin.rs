//! The reader beside a slow twin, which goes through the text once, character by character.

use arrow_array::{Array, StringViewArray};
use infercost_csv::{Fault, Reader, Result, Rows};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use twin::{Refusal, Row};

mod twin {
    pub type Row = Vec<Option<String>>;

    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Refusal {
        Ragged { row: u64, fields: usize },
        QuoteWithin { row: u64 },
        QuoteOpen { row: u64 },
        NotText,
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Place {
        Start,
        Bare,
        Quoted,
        BehindQuote,
    }

    /// The rows up to the first that is refused, if any is.
    pub fn read(text: &str, width: usize) -> (Vec<Row>, Option<Refusal>) {
        let mut rows = Vec::new();
        let refusal = read_into(&mut rows, text, width).err();
        (rows, refusal)
    }

    fn read_into(rows: &mut Vec<Row>, text: &str, width: usize) -> Result<(), Refusal> {
        let (mut row, mut fields, mut field, mut place) = (0, Row::new(), String::new(), Place::Start);
        let mut characters = text.chars().map(Some).chain([None]).peekable();
        while let Some(character) = characters.next() {
            match (place, character) {
                (Place::Quoted, None) => return Err(Refusal::QuoteOpen { row }),
                (Place::Quoted, Some('"')) => place = Place::BehindQuote,
                (Place::Quoted, Some(other)) => field.push(other),
                (Place::BehindQuote, Some('"')) => {
                    field.push('"');
                    place = Place::Quoted;
                }
                (_, Some('\r')) if matches!(characters.peek(), Some(Some('\n') | None)) => {}
                (_, Some(',')) => {
                    fields.push(cell(&mut field));
                    place = Place::Start;
                }
                (_, Some('\n') | None) => {
                    if place != Place::Start || !fields.is_empty() {
                        fields.push(cell(&mut field));
                        if fields.len() != width {
                            return Err(Refusal::Ragged { row, fields: fields.len() });
                        }
                        if row > 0 {
                            rows.push(fields.clone());
                        }
                        fields.clear();
                    }
                    place = Place::Start;
                    row += 1;
                }
                (Place::Start, Some('"')) => place = Place::Quoted,
                (Place::Bare, Some('"')) | (Place::BehindQuote, Some(_)) => return Err(Refusal::QuoteWithin { row }),
                (Place::Start | Place::Bare, Some(other)) => {
                    field.push(other);
                    place = Place::Bare;
                }
            }
        }
        Ok(())
    }

    fn cell(field: &mut String) -> Option<String> {
        Some(std::mem::take(field)).filter(|field| !field.is_empty())
    }
}

/// How the text is cut: the bytes of each piece, and whether rows are taken behind it; over and over.
type Pieces = Vec<(usize, bool)>;

/// What is taken of the text, and why not all of it.
fn read(text: &[u8], width: usize, columns: &[usize], pieces: &Pieces) -> (Vec<Rows>, Option<Refusal>) {
    let mut taken = Vec::new();
    let reader = Reader::new(width, columns, usize::MAX);
    let refusal = read_into(&mut taken, reader, text, pieces).err().map(|fault| match fault {
        Fault::Ragged { row, fields, width: told } => {
            assert_eq!(told, width);
            Refusal::Ragged { row, fields }
        }
        Fault::QuoteWithin { row } => Refusal::QuoteWithin { row },
        Fault::QuoteOpen { row } => Refusal::QuoteOpen { row },
        Fault::NotText { .. } => Refusal::NotText,
        Fault::Endless { .. } => unreachable!("no row is that large"),
    });
    (taken, refusal)
}

fn read_into(taken: &mut Vec<Rows>, mut reader: Reader, text: &[u8], pieces: &Pieces) -> Result<()> {
    let mut rest = text;
    for &(bytes, is_taken) in pieces.iter().cycle() {
        let (piece, behind) = rest.split_at(bytes.min(rest.len()));
        reader.read(piece)?;
        if is_taken {
            taken.push(reader.take());
        }
        if behind.is_empty() {
            break;
        }
        rest = behind;
    }
    reader.end()?;
    taken.push(reader.take());
    Ok(())
}

fn rows_of(count: usize, columns: &[StringViewArray]) -> Vec<Row> {
    assert!(columns.iter().all(|column| column.len() == count));
    let row = |at| columns.iter().map(|column| column.is_valid(at).then(|| column.value(at).to_owned())).collect();
    (0..count).map(row).collect()
}

fn some_columns(row: &Row, columns: &[usize]) -> Row {
    columns.iter().map(|&column| row[column].clone()).collect()
}

fn indices(chosen: &[Index], count: usize) -> Vec<usize> {
    chosen.iter().map(|index| index.index(count)).collect()
}

/// What may stand in a field without quotes.
fn plain() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(vec!["a", " ", "\r", "é", "\u{2028}", "🙂", "\u{0}", "\u{feff}", "-1.5"]).prop_map(str::to_owned),
        1 => (select(vec!["x", "é", "🙂"]), 1usize..150).prop_map(|(one, times)| one.repeat(times)),
    ]
}

fn special() -> impl Strategy<Value = String> {
    select(vec![",", "\n", "\r\n", "\"", "\"\"", "\",", "\"\n", "\"\r\n", "\"\r"]).prop_map(str::to_owned)
}

fn field() -> impl Strategy<Value = String> {
    let bare = vec(plain(), 0..3).prop_map(|parts| parts.concat());
    let quoted = vec(prop_oneof![plain(), special()], 0..5);
    prop_oneof![bare, quoted.prop_map(|parts| format!("\"{}\"", parts.concat().replace('"', "\"\"")))]
}

/// A table that is to be read, and its width.
fn table() -> impl Strategy<Value = (String, usize)> {
    let line_end = || select(vec!["\n", "\r\n", "\n\n", "\r\n\n\r\n"]);
    let table = (1usize..5).prop_flat_map(move |width| {
        let rows = vec((vec(field(), width), line_end()), 1..12);
        (rows, any::<bool>(), Just(width))
    });
    let text = table.prop_map(|(rows, is_cut, width)| {
        let text: String = rows.iter().map(|(fields, line_end)| fields.join(",") + line_end).collect();
        (if is_cut { text.trim_end_matches(['\r', '\n']).to_owned() } else { text }, width)
    });
    text.prop_filter("its header comes first", has_header)
}

/// A table with one thing too much, or in the place of another.
fn damaged() -> impl Strategy<Value = (String, usize)> {
    let damage = (any::<Index>(), 0usize..2, prop_oneof![plain(), special()]);
    let text = (table(), damage).prop_map(|((text, width), (at, left_out, put))| {
        let mut characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len() + 1);
        let behind = characters.len().min(at + left_out);
        characters.splice(at..behind, put.chars());
        (characters.into_iter().collect(), width)
    });
    text.prop_filter("its header comes first", has_header)
}

fn garbage() -> impl Strategy<Value = (String, usize)> {
    let text = vec(prop_oneof![plain(), special()], 0..40).prop_map(|parts| parts.concat());
    (text, 1usize..4).prop_filter("its header comes first", has_header)
}

fn has_header((text, _): &(String, usize)) -> bool {
    !text.starts_with(['\r', '\n'])
}

fn pieces() -> impl Strategy<Value = Pieces> {
    let bytes = prop_oneof![Just(1usize), 1usize..5, 1usize..100, Just(1usize << 20)];
    vec((bytes, any::<bool>()), 1..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn rows_and_refusals_are_those_of_the_twin(
        (text, width) in prop_oneof![table(), damaged(), garbage()],
        pieces in pieces(),
        columns in vec(any::<Index>(), 0..5),
        picked_rows in vec(any::<Index>(), 0..5),
        picked_columns in vec(any::<Index>(), 0..5),
    ) {
        let columns = indices(&columns, width);
        let (expected, expected_refusal) = twin::read(&text, width);
        let (taken, refusal) = read(text.as_bytes(), width, &columns, &pieces);
        prop_assert_eq!(&refusal, &expected_refusal);

        let mut start = 0;
        for rows in taken {
            let expected = &expected[start..start + rows.len()];
            let of_columns: Vec<_> = expected.iter().map(|row| some_columns(row, &columns)).collect();
            prop_assert_eq!(rows_of(rows.len(), &rows.columns), of_columns);
            prop_assert_eq!(rows.is_empty(), expected.is_empty());
            if !rows.is_empty() {
                let numbers = indices(&picked_rows, rows.len());
                let columns = indices(&picked_columns, width);
                let of_picked: Vec<_> = numbers.iter().map(|&row| some_columns(&expected[row], &columns)).collect();
                let count = if columns.is_empty() { 0 } else { numbers.len() };
                prop_assert_eq!(rows_of(count, &rows.pick(&numbers, &columns)), &of_picked[..count]);
            }
            start += rows.len();
        }
        prop_assert!(refusal.is_some() || start == expected.len());
    }

    #[test]
    fn a_table_with_one_character_broken_is_not_text(
        (text, width) in table(),
        pieces in pieces(),
        at in any::<Index>(),
        broken in select(vec![&b"\xff"[..], b"\x80", b"\xc3", b"\xf0\x9f\x99", b"\xed\xa0\x80", b"\xc0\xaf"]),
    ) {
        prop_assert_eq!(twin::read(&text, width).1, None);
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len() + 1);
        bytes.splice(at..at, broken.iter().copied());
        prop_assert_eq!(read(&bytes, width, &[], &pieces).1, Some(Refusal::NotText));
    }
}
