import { visible } from '@groundcrew/ground';
import type { Plan, Step } from './plan.ts';

/**
 * A plan as a Mermaid flowchart: arrows for needs, dotted ones for what is only waited for, gates as hexagons, points of
 * no return marked. Nodes are numbered, since ids of steps hold what ids of Mermaid may not.
 */
export function mermaidOf(plan: Plan): string {
  const node = new Map(plan.steps.map(({ id }, at) => [id, `s${at + 1}`]));
  const lines = ['flowchart TD'];
  for (const step of plan.steps) lines.push(`  ${node.get(step.id)}["${labelOf(step)}"]`);
  for (const [at, { id, question }] of plan.gates.entries())
    lines.push(`  g${at + 1}{{"${quoted(id)}<br/>${quoted(question)}"}}`);
  for (const { id, needs, after } of plan.steps) {
    for (const need of needs) lines.push(`  ${node.get(need)} --> ${node.get(id)}`);
    for (const other of after) lines.push(`  ${node.get(other)} -.-> ${node.get(id)}`);
  }
  for (const [at, { before }] of plan.gates.entries())
    for (const id of before) lines.push(`  g${at + 1} ==> ${node.get(id)}`);
  const final = plan.steps.filter(({ rollback }) => rollback === 'none').map(({ id }) => node.get(id));
  if (final.length > 0)
    lines.push('  classDef final stroke:#c00,stroke-width:3px', `  class ${final.join(',')} final`);
  return `${lines.join('\n')}\n`;
}

const labelOf = ({ id, title, rollback }: Step): string =>
  `${quoted(title)}<br/>${quoted(id)}${rollback === 'none' ? '<br/>POINT OF NO RETURN' : ''}`;

/**
 * Escapes text with entity codes of Mermaid, which have no `&`: everything that could end the label or be read as
 * markup.
 */
const quoted = (text: string): string =>
  visible(text).replaceAll(/["#&<>;`\\[\]{}()|*_~]/g, (character) => `#${character.codePointAt(0)};`);
