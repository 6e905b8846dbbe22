import type { Gap } from '@groundcrew/core';
import { gap } from '../log-files.ts';
import type { RecordReader } from '../parse.ts';
import type { Unread } from '../read/byte-lines.ts';

/** What is not known of a file that was read. */
export function gapsOf(
  file: string,
  reader: RecordReader,
  { unread, records, unattributed }: FileRead,
): Gap[] {
  const gaps: Gap[] = [];
  if (reader.strays > 0) gaps.push(otherForm(file, reader.strays, records));
  if (unattributed > 0) gaps.push(ofNoProcess(file, unattributed));
  for (const why of leftOut(reader, unread))
    gaps.push(gap(file, 'cut', why, 'Look at these lines yourself.'));
  return gaps;
}

interface FileRead {
  readonly unread: Unread;
  /** Messages, whoever wrote them. */
  readonly records: number;
  /** Notices of which it is not known whether one process repeats them. */
  readonly unattributed: number;
}

const otherForm = (file: string, strays: number, records: number): Gap =>
  gap(
    file,
    records === 0 ? 'unsupported' : 'cut',
    records === 0
      ? `none of its ${strays} lines has a form that is known`
      : `${strays} lines have another form`,
    'Give `format` what the configuration of the service has, or let it use the JSON formatter.',
  );

const NO_PROCESS = 'the processes of repeated notices in ';
/** Tells whether a gap is in notices alone, and in no other message of its file. */
export const isOfNotices = ({ what }: Pick<Gap, 'what'>): boolean => what.startsWith(NO_PROCESS);

const ofNoProcess = (file: string, notices: number): Gap =>
  gap(
    `${NO_PROCESS}${file}`,
    'cut',
    `${notices} repeated notices name no process: whether one process repeats them is not known`,
    'Keep `%(process)d` in `logging_context_format_string` and `logging_default_format_string`.',
  );

function leftOut(reader: RecordReader, unread: Unread): string[] {
  const whys: string[] = [];
  if (reader.dropped > 0) whys.push(`${reader.dropped} lines of very long messages were not kept`);
  if (unread.longLines > 0) whys.push(`${unread.longLines} lines were read to their 65,536th byte only`);
  if (unread.tooLarge) whys.push('it unpacks to more than 1 GiB, and was read to there only');
  return whys;
}
