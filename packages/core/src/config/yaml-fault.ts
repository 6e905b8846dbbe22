import type { ErrorCode } from 'yaml';

/** Describes the fault of a line of YAML, in words that quote nothing of it. */
export const faultIn = (code: ErrorCode): string => faults[code] ?? 'this is not valid YAML';

const faults: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'the alias is not valid',
  BAD_COLLECTION_TYPE: 'the tag does not fit the value',
  BAD_DQ_ESCAPE:
    'the text in double quotes has an escape that YAML does not know; single quotes take it as it is',
  BAD_INDENT: 'the indentation is wrong, or a bracket before it is not closed',
  BAD_SCALAR_START: 'the value begins with a character that needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'there is a second `: ` in the line; a value with one needs quotes',
  BLOCK_IN_FLOW: 'a block inside of brackets',
  MISSING_CHAR: 'a quote, bracket, comma or colon is missing here or before',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing after the key, or a quote before it',
  MULTIPLE_ANCHORS: 'a value with two anchors',
  MULTIPLE_DOCS: 'the file has more than one document',
  MULTIPLE_TAGS: 'a value with two tags',
  TAB_AS_INDENT: 'tabs cannot indent YAML; use spaces',
  TAG_RESOLVE_FAILED: 'the tag is not one that can be read here',
  UNEXPECTED_TOKEN: 'something stands where nothing can',
};
