import * as z from 'zod';
import type { XmlPackage } from '../../probing/xml-package.ts';

/** An element of Pacemaker's configuration (CIB), which has no text. */
export interface CibElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly CibElement[];
}

export const CibElement: z.ZodType<CibElement, CibElement> = z.lazy(() =>
  z.strictObject({
    name: z.string(),
    attributes: z.record(z.string(), z.string()),
    children: z.array(CibElement).readonly(),
  }),
);

/** @throws Error if it is no well-formed XML */
export function parseCib({ XMLParser, XMLValidator }: XmlPackage, xml: string): CibElement {
  // Pacemaker writes no document type, which could define what is not there.
  if (xml.includes('<!DOCTYPE')) throw new Error('XML with a document type, which Pacemaker does not write');
  const valid = XMLValidator.validate(xml);
  if (valid !== true) throw new Error(`no well-formed XML: ${valid.err.msg}, line ${valid.err.line}`);
  const [root] = elementsOf(new XMLParser(FORM).parse(xml));
  if (root === undefined) throw new Error('no element');
  return root;
}

/** The element as XML. It needs no package, since an element has attributes and children only. */
export function renderCib({ name, attributes, children }: CibElement): string {
  const start = `<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(value)}"`)
    .join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.map(renderCib).join('')}</${name}>`;
}

/** Nothing but the five characters that end or begin something: any other is Pacemaker's to keep. */
const escaped = (value: string): string =>
  value.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** The element with this id, at any depth. */
export function findById(root: CibElement, id: string): CibElement | undefined {
  if (root.attributes['id'] === id) return root;
  for (const child of root.children) {
    const found = findById(child, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The same for elements that mean the same: attributes have no order. */
export const canonical = ({ name, attributes, children }: CibElement): string =>
  JSON.stringify([
    name,
    Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    children.map(canonical),
  ]);

const ATTRIBUTES = ':@';
const FORM = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  trimValues: false,
} as const;

type Node = Record<string, unknown>;

const elementsOf = (nodes: unknown): CibElement[] =>
  (Array.isArray(nodes) ? (nodes as Node[]) : []).flatMap((node): CibElement[] => {
    const name = Object.keys(node).find((key) => key !== ATTRIBUTES);
    if (name === undefined || name.startsWith('#') || name.startsWith('?')) return [];
    const attributes = Object.entries((node[ATTRIBUTES] ?? {}) as Record<string, unknown>);
    return [
      {
        name,
        attributes: Object.fromEntries(attributes.map(([key, value]) => [key, String(value)])),
        children: elementsOf(node[name]),
      },
    ];
  });
