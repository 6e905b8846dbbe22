import { maskText } from '@groundcrew/ground';
import type { CatalogueEntry } from '../catalogue/entry.ts';
import { entryOf } from '../catalogue/entry-of.ts';
import type { LogRecord } from '../parse.ts';
import { isOthers } from '../read/log-format.ts';
import { Templates } from './store.ts';
import type { Template } from './template-id.ts';

/** A deprecation that a service or a library tells of, with its words as they are: they name what is to be changed. */
export interface DeprecationNotice {
  readonly logger: string;
  /** In one line, without secrets; of a long one its first 400 characters. */
  readonly text: string;
  readonly times: number;
  /** Some of the places where it was read. */
  readonly sources: readonly string[];
  /** Whether the log before does not have it. */
  readonly isNew: boolean;
}

/** What is needed of the log of one release, beside the counts of its templates. */
export class HeardLog {
  readonly templates = new Templates();
  /** Messages of other programs than OpenStack's services, which were left out. */
  others = 0;
  /** Deprecations that were too many to be kept. */
  unkept = 0;
  readonly #facts = new Map<string, Facts>();
  /** By the words: the line of a module that tells it is another in each release. */
  readonly #notices = new Map<string, Notice>();

  add(record: LogRecord): void {
    if (isOthers(record.format ?? 'oslo')) {
      this.others += 1;
      return;
    }
    const { id } = this.templates.add(record);
    let facts = this.#facts.get(id);
    if (facts === undefined) {
      const isNotice = DEPRECATION.test(record.message);
      facts = { sources: new Set(), entry: entryOf(record), isNotice };
      // Of the others it is not told where they were read.
      if (this.#facts.size < MOST_FACTS) this.#facts.set(id, facts);
    }
    note(facts.sources, record.source);
    if (DEPRECATION.test(record.message)) this.#notice(record);
  }

  /** Some of the places where a template was read. */
  sourcesOf(id: string): readonly string[] {
    return [...(this.#facts.get(id)?.sources ?? [])];
  }

  /** The entry of the catalogue that the first message of a template is. */
  entryOf(id: string): CatalogueEntry | undefined {
    return this.#facts.get(id)?.entry;
  }

  /** Whether a template tells of a deprecation: then it is among the notices. */
  isNotice({ id, text }: Template): boolean {
    return this.#facts.get(id)?.isNotice ?? DEPRECATION.test(text);
  }

  /** Whether a deprecation was told, whatever module told it. */
  hasNotice(text: string): boolean {
    return this.#notices.has(wordsOnly(text));
  }

  /** The deprecations, those first that the log before does not have, and of these the most frequent. */
  notices(before: HeardLog): DeprecationNotice[] {
    return [...this.#notices.values()]
      .map(({ text, logger, times, sources }) => ({
        logger,
        text,
        times,
        sources: [...sources],
        isNew: !before.hasNotice(text),
      }))
      .toSorted(
        (a, b) => Number(b.isNew) - Number(a.isNew) || b.times - a.times || (a.text < b.text ? -1 : 1),
      );
  }

  #notice({ logger, message, more, source }: LogRecord): void {
    const text = maskText(
      [message, ...more.slice(0, MOST_LINES)].join(' ').replaceAll(/\s+/g, ' ').trim(),
    ).slice(0, LONGEST);
    const key = wordsOnly(text);
    let notice = this.#notices.get(key);
    if (notice === undefined) {
      if (this.#notices.size >= MOST_NOTICES) {
        this.unkept += 1;
        return;
      }
      notice = { text, logger, times: 0, sources: new Set() };
      this.#notices.set(key, notice);
    }
    notice.times += 1;
    note(notice.sources, source);
  }
}

interface Facts {
  readonly sources: Set<string>;
  /** Whether its first message tells of a deprecation: in the template the word may vary. */
  readonly isNotice: boolean;
  readonly entry: CatalogueEntry | undefined;
}

interface Notice {
  readonly text: string;
  readonly logger: string;
  times: number;
  readonly sources: Set<string>;
}

function note(sources: Set<string>, source: string | undefined): void {
  if (source !== undefined && sources.size < MOST_SOURCES) sources.add(source);
}

const wordsOnly = (text: string): string => text.replaceAll(/\d+/g, '0');

const DEPRECATION = /deprecat/i;
const MOST_FACTS = 50_000;
const MOST_NOTICES = 500;
const MOST_SOURCES = 3;
const MOST_LINES = 20;
const LONGEST = 400;
