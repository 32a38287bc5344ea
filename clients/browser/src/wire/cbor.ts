/**
 * CBOR (RFC 8949) in the one dialect the wire allows, by cborg with every other door shut
 * (game/wire/strict.py).
 *
 * Owns: bytes ↔ numbers, texts, byte strings and arrays. Must not know: the message table.
 * Invariant: what decodes has exactly one encoding: shortest forms, definite lengths, no tags, no
 * floats, nothing after the end.
 */
import { decode, encode, Tokenizer, Type, type Token } from "cborg";

export type Value = number | string | Uint8Array | Value[];

/** Bytes that the wire does not allow; the text says what was wrong. */
export class DecodeError extends Error {}

const ALLOWED: ReadonlySet<Type> = new Set([
  Type.uint,
  Type.negint,
  Type.bytes,
  Type.string,
  Type.array,
]);

/**
 * cborg's reader, which stops at the first thing that is not in the dialect: floats, maps, null,
 * booleans, tags.
 */
class StrictTokenizer extends Tokenizer {
  override next(): Token {
    const token = super.next();
    if (!ALLOWED.has(token.type)) throw new DecodeError(`${token.type.name} is not allowed`);
    // Cborg itself mends what is no UTF-8.
    if (token.byteValue !== undefined) UTF8.decode(token.byteValue);
    return token;
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

const OPTIONS = {
  strict: true, // shortest forms only
  allowIndefinite: false,
  allowUndefined: false,
  allowBigInt: false,
  retainStringBytes: true,
} as const;

/** One value that fills all of `bytes`. Raises `DecodeError`, and only that. */
export function loads(bytes: Uint8Array): Value {
  try {
    const tokenizer = new StrictTokenizer(bytes, OPTIONS);
    return decode(bytes, { ...OPTIONS, tokenizer }) as Value; // the tokenizer let nothing else pass
  } catch (error) {
    if (error instanceof DecodeError) throw error;
    throw new DecodeError(error instanceof Error ? error.message : "not CBOR");
  }
}

export function dumps(value: Value): Uint8Array {
  return encode(value);
}
