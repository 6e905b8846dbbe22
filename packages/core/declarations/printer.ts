import path from 'node:path';
import ts from '@typescript/typescript6';

/** Where the types of the ground are, seen from `src`. */
const GROUND = path.join('..', '..', 'ground');

/** Writes a type that the compiler has inferred as one would write it by hand, with the comments of its fields. */
export class Printer {
  readonly #checker: ts.TypeChecker;
  readonly #src: string;
  /** The modules of the types that were written by their name: a path below `src`, or what is imported as it is. */
  readonly imports = new Map<string, string>();

  /** @param src - where types are that may be named */
  constructor(checker: ts.TypeChecker, src: string) {
    this.#checker = checker;
    this.#src = src;
  }

  /** Whether a type has fields, and can be an interface. */
  hasFields(type: ts.Type): boolean {
    return (
      (type.flags & ts.TypeFlags.Object) !== 0 &&
      this.#nameOf(type) === undefined &&
      !this.#isList(type) &&
      this.#checker.getPropertiesOfType(type).length > 0
    );
  }

  /** A type. Within `indent` where it has fields. */
  print(type: ts.Type, indent: string): string {
    const named = this.#nameOf(type);
    if (named !== undefined) return named;
    if (type.isUnion()) return this.#union(type.types, indent);
    if (this.#isList(type)) return this.#list(type as ts.TypeReference, indent);
    if ((type.flags & ts.TypeFlags.Object) !== 0 || type.isIntersection()) return this.fields(type, indent);
    return this.#plain(type);
  }

  /**
   * The fields of an object type, in braces.
   *
   * @param share - takes a field's type, and says by what shorter text it may be written
   */
  fields(type: ts.Type, indent: string, share: (field: string, text: string) => string = same): string {
    const within = `${indent}  `;
    const others: string[] = [];
    const lines: string[] = [];
    const indexes = this.#checker.getIndexInfosOfType(type);
    for (const info of indexes) {
      const key = this.print(info.keyType, within);
      const readonly = info.isReadonly ? 'readonly ' : '';
      others.push(`${within}${readonly}[field: ${key}]: ${this.print(info.type, within)};`);
    }
    for (const field of this.#checker.getPropertiesOfType(type)) {
      const comment = commentOf(field, within);
      const optional = (field.flags & ts.SymbolFlags.Optional) !== 0;
      const readonly = isReadonly(field) ? 'readonly ' : '';
      const name = /^[A-Za-z_]\w*$/.test(field.name) ? field.name : `'${field.name}'`;
      const printed = this.print(this.#checker.getTypeOfSymbol(field), within);
      const suffix = optional && !printed.endsWith(' | undefined') ? ' | undefined' : '';
      const told = share(field.name, `${printed}${suffix}`);
      lines.push(`${comment}${within}${readonly}${name}${optional ? '?' : ''}: ${told};`);
    }
    const fits = this.#checker
      .getPropertiesOfType(type)
      .every((field) =>
        indexes.every((info) =>
          this.#checker.isTypeAssignableTo(this.#checker.getTypeOfSymbol(field), info.type),
        ),
      );
    if (fits) return braces([...others, ...lines], indent);
    this.imports.set('Both', './at.ts');
    return `Both<${braces(lines, indent)}, ${braces(others, indent)}>`;
  }

  #union(types: readonly ts.Type[], indent: string): string {
    const open = types.some((part) => part.isIntersection() && this.#plain(part) === 'string & {}');
    const texts: string[] = [];
    const last: string[] = [];
    const values: string[] = [];
    for (const part of types) {
      if ((part.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) !== 0) last.push(this.#plain(part));
      else if ((part.flags & ts.TypeFlags.BooleanLiteral) !== 0) values.push(this.#plain(part));
      else if (open && part.isStringLiteral()) texts.push(literal(part.value));
      else if (!(open && part.isIntersection())) values.push(this.print(part, indent));
    }
    if (open) this.imports.set('Known', 'record/tolerant.ts');
    const parts = open ? [`Known<${texts.join(' | ')}>`] : [];
    const both = values.includes('true') && values.includes('false');
    if (both) parts.push('boolean');
    parts.push(...values.filter((value) => !both || (value !== 'true' && value !== 'false')));
    return [...parts, ...last.toSorted()].join(' | ');
  }

  #isList(type: ts.Type): boolean {
    return this.#checker.isArrayType(type) || this.#checker.isTupleType(type);
  }

  #list(type: ts.TypeReference, indent: string): string {
    const parts = this.#checker.getTypeArguments(type).map((part) => this.print(part, indent));
    if (this.#checker.isTupleType(type)) return `[${parts.join(', ')}]`;
    const part = parts[0] ?? 'unknown';
    const isUnion = this.#checker.getTypeArguments(type)[0]?.isUnion() && part !== 'boolean';
    return `${type.symbol.name === 'ReadonlyArray' ? 'readonly ' : ''}${isUnion ? `(${part})` : part}[]`;
  }

  /** The name of a class or an interface; none of a type that was written, or inferred, in place. */
  #nameOf(type: ts.Type): string | undefined {
    const symbol = type.getSymbol();
    if (symbol === undefined || this.#isList(type)) return undefined;
    if ((symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) === 0) return undefined;
    const [declaration] = symbol.declarations ?? [];
    const file =
      declaration === undefined ? '' : path.relative(this.#src, declaration.getSourceFile().fileName);
    if (declaration === undefined || !isExported(declaration))
      throw new Error(`a declaration cannot name ${symbol.name} of ${file}: no module exports it`);
    if (file.startsWith(GROUND)) this.imports.set(symbol.name, '@groundcrew/ground');
    else if (file.startsWith('..')) throw new Error(`a declaration cannot name ${symbol.name} of ${file}`);
    else this.imports.set(symbol.name, file);
    return symbol.name;
  }

  #plain(type: ts.Type): string {
    if (type.isStringLiteral()) return literal(type.value);
    return this.#checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
  }
}

const isExported = (declaration: ts.Declaration): boolean =>
  (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export) !== 0;

/** The comment of a declaration, as it was written, before a member that is indented so far. */
export function commentOf(symbol: ts.Symbol, indent: string): string {
  for (const declaration of symbol.declarations ?? []) {
    const file = declaration.getSourceFile().fileName;
    if (file.includes('/node_modules/')) continue;
    const comment = ts.getJSDocCommentsAndTags(declaration).find((node) => ts.isJSDoc(node));
    if (comment === undefined) continue;
    const lines = comment.getText().split('\n');
    return lines.map((line, at) => `${indent}${at === 0 ? '' : ' '}${line.trim()}\n`).join('');
  }
  return '';
}

const same = (_: string, text: string): string => text;

const braces = (lines: readonly string[], indent: string): string =>
  lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`;

const literal = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;

function isReadonly(field: ts.Symbol): boolean {
  const { links } = field as ts.Symbol & { readonly links?: { readonly checkFlags?: number } };
  // `CheckFlags.Readonly` of a field of a mapped type; the compiler has no public name for it.
  if (links?.checkFlags !== undefined) return (links.checkFlags & 8) !== 0;
  return (field.declarations ?? []).some(
    (declaration) => (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly) !== 0,
  );
}
