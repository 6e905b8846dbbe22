/** Whole numbers by their bytes. */
const INTEGERS: Readonly<Record<string, number>> = {
  tinyint: 1,
  smallint: 2,
  mediumint: 3,
  int: 4,
  bigint: 8,
};
/** Texts by the most characters or bytes that they hold. */
const TEXTS: Readonly<Record<string, number>> = {
  tinytext: 255,
  text: 65_535,
  mediumtext: 16_777_215,
  longtext: 4_294_967_295,
  tinyblob: 255,
  blob: 65_535,
  mediumblob: 16_777_215,
  longblob: 4_294_967_295,
};

interface ColumnType {
  readonly name: string;
  readonly arguments: string;
  readonly unsigned: boolean;
}

function parsed(type: string): ColumnType {
  const found = /^(\w+)(?:\((.*)\))?(.*)$/s.exec(type.trim().toLowerCase());
  return {
    name: found?.[1] ?? type,
    arguments: found?.[2] ?? '',
    unsigned: found?.[3]?.includes('unsigned') === true,
  };
}

/**
 * Whether a type holds everything that another held. `undefined`: that is not known here, as of two types that are not compared.
 */
export function holds(type: string, all: string): boolean | undefined {
  const [now, before] = [parsed(type), parsed(all)];
  if (now.name === before.name && now.arguments === before.arguments && now.unsigned === before.unsigned)
    return true;
  const [mine, its] = [INTEGERS[now.name], INTEGERS[before.name]];
  if (mine !== undefined && its !== undefined) return mine >= its && now.unsigned === before.unsigned;
  const [room, needed] = [roomOf(now), roomOf(before)];
  if (room !== undefined && needed !== undefined) return room >= needed;
  if (now.name === 'enum' && before.name === 'enum') {
    const members = new Set(membersOf(now.arguments));
    return membersOf(before.arguments).every((member) => members.has(member));
  }
  return undefined;
}

function roomOf({ name, arguments: inside }: ColumnType): number | undefined {
  if (name === 'varchar' || name === 'char' || name === 'varbinary') return Number(inside) || undefined;
  return TEXTS[name];
}

const membersOf = (inside: string): string[] => inside.match(/'(?:[^']|'')*'/g) ?? [];
