import type { Gap } from '@groundcrew/core';
import { gap } from '../log-files.ts';
import type { UnattributedMessages } from '../judge.ts';
import type { RecordReader } from '../parse.ts';
import type { Unread } from '../read/byte-lines.ts';
import type { RuleId } from '../rules.ts';

/** What is not known of a file that was read. */
export function gapsOf(
  file: string,
  reader: RecordReader,
  { unread, records, unattributed }: FileRead,
): Gap[] {
  const gaps: Gap[] = [];
  if (reader.strays > 0) gaps.push(otherForm(file, reader.strays, records));
  gaps.push(...ofNoProcess(file, unattributed));
  for (const why of leftOut(reader, unread))
    gaps.push(gap(file, 'cut', why, 'Look at these lines yourself.'));
  return gaps;
}

interface FileRead {
  readonly unread: Unread;
  /** Messages, whoever wrote them. */
  readonly records: number;
  readonly unattributed: UnattributedMessages;
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

const NOTICES = 'the processes of repeated notices in ';
const FAILURES = 'the processes of errors in ';

/** Tells whether a gap keeps a rule from being judged: those of processes concern the rules that go by them only. */
export function concerns({ what }: Pick<Gap, 'what'>, rule: RuleId): boolean {
  if (what.startsWith(NOTICES)) return rule === 'repeated-notice';
  if (what.startsWith(FAILURES)) return rule === 'critical-and-goes-on' || rule === 'said-at-two-levels';
  return true;
}

function ofNoProcess(file: string, { notices, failures }: UnattributedMessages): Gap[] {
  const gaps: Gap[] = [];
  if (notices > 0)
    gaps.push(
      gap(
        `${NOTICES}${file}`,
        'cut',
        `${notices} repeated notices name no process: whether one process repeats them is not known`,
        KEEP_PROCESS,
      ),
    );
  if (failures > 0)
    gaps.push(
      gap(
        `${FAILURES}${file}`,
        'cut',
        `${failures} errors name no process: what it said after them is not known`,
        KEEP_PROCESS,
      ),
    );
  return gaps;
}

const KEEP_PROCESS =
  'Keep `%(process)d` in `logging_context_format_string` and `logging_default_format_string`.';

function leftOut(reader: RecordReader, unread: Unread): string[] {
  const whys: string[] = [];
  if (reader.dropped > 0) whys.push(`${reader.dropped} lines of very long messages were not kept`);
  if (unread.longLines > 0) whys.push(`${unread.longLines} lines were read to their 65,536th byte only`);
  if (unread.tooLarge) whys.push('it unpacks to more than 1 GiB, and was read to there only');
  return whys;
}
