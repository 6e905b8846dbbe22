import { z } from 'zod';
import {
  type Finding,
  optionsSchema,
  parseArguments,
  type Severity,
  type Verdict,
  visible,
} from '@groundcrew/ground';
import { groups, type Report } from './report.ts';

export interface TerminalOptions {
  /** `true` writes ANSI colours. @default false */
  readonly colour?: boolean;
  /** Findings shown of each question. @default 5 */
  readonly most?: number;
}

const terminalOptions = optionsSchema<TerminalOptions>({
  colour: z.boolean().optional(),
  most: z.int().min(0).optional(),
});

/**
 * The report as a summary for a terminal: each question, its verdict, its worst findings. Names of things are other
 * people's text: what would move the cursor, colour or retitle the terminal is shown as its escape.
 */
export function toTerminal(report: Report, options: TerminalOptions = {}): string {
  parseArguments('toTerminal', terminalOptions, options);
  const { colour = false, most = 5 } = options;
  const paint = (verdict: Verdict, text: string): string =>
    colour ? `\u001B[${COLOURS[verdict]}m${text}\u001B[0m` : text;
  const { cloud, region, user, scope, roles, at } = report.subject;
  const lines = [
    visible(`Readiness of ${cloud}${region === undefined ? '' : ` (${region})`}, ${at}`),
    visible(
      `asked as ${user ?? 'nobody'}, ${scope}${roles.length === 0 ? '' : `, roles ${roles.join(', ')}`}`,
    ),
    '',
  ];
  for (const answer of report.answers) {
    const { pass, fail, unknown, exempt } = answer.tally;
    const counts = [
      `${fail} fail`,
      `${unknown} unknown`,
      `${pass} pass`,
      ...(exempt > 0 ? [`${exempt} exempt`] : []),
    ].join(', ');
    lines.push(`${paint(answer.verdict, MARKS[answer.verdict])} ${answer.question}  ${counts}`);
    if (answer.findings.length === 0) lines.push('    nothing was looked at');
    const worst = groups(
      answer.findings.filter((finding) => finding.verdict === 'fail' || finding.verdict === 'unknown'),
    );
    for (const { findings } of worst.slice(0, most)) lines.push(`    ${line(findings)}`);
    if (worst.length > most) lines.push(`    … and ${worst.length - most} more`);
  }
  return `${lines.join('\n')}\n`;
}

function line(findings: readonly [Finding, ...Finding[]]): string {
  const [first] = findings;
  const more = findings.length === 1 ? '' : ` (and ${findings.length - 1} like it)`;
  return `${first.verdict === 'fail' ? severityMark(first.severity) : 'unknown '} ${visible(first.title)}${more}`;
}

const severityMark = (severity: Severity): string => severity.padEnd(8);

const MARKS: Readonly<Record<Verdict, string>> = { pass: '✔', fail: '✖', unknown: '?', exempt: '~' };
const COLOURS: Readonly<Record<Verdict, number>> = { pass: 32, fail: 31, unknown: 33, exempt: 36 };
