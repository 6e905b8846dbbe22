type Numbers = (value: number, operand: number) => boolean;
type Texts = (value: string, operand: string) => boolean;

const numbers: ReadonlyMap<string, Numbers> = new Map<string, Numbers>([
  ['=', (value, operand) => value >= operand],
  ['>=', (value, operand) => value >= operand],
  ['<=', (value, operand) => value <= operand],
  ['==', (value, operand) => value === operand],
  ['!=', (value, operand) => value !== operand],
]);

const texts: ReadonlyMap<string, Texts> = new Map<string, Texts>([
  ['s==', (value, operand) => value === operand],
  ['s!=', (value, operand) => value !== operand],
  ['s<', (value, operand) => value < operand],
  ['s<=', (value, operand) => value <= operand],
  ['s>', (value, operand) => value > operand],
  ['s>=', (value, operand) => value >= operand],
  ['<in>', (value, operand) => value.includes(operand)],
]);

/**
 * Tells whether a value of an aggregate meets a flavor's requirement, by the operators of
 * `nova/scheduler/filters/extra_specs_ops.py`. `undefined` where Nova would fail: a number is asked for, and one of
 * both is none.
 */
export function meets(value: string, wanted: string): boolean | undefined {
  const [operator = '', ...words] = wanted.split(/\s+/).filter((word) => word !== '');
  const [operand] = words;
  if (operator === '<or>') return words.some((word, index) => index % 2 === 0 && word === value);
  const byNumber = numbers.get(operator);
  const byText = texts.get(operator);
  if (byNumber === undefined && byText === undefined && operator !== '<all-in>') return value === wanted;
  if (operand === undefined) return false;
  if (operator === '<all-in>') return words.every((word) => value.includes(word));
  if (byText !== undefined) return byText(value, operand);
  const [left, right] = [numberOf(value), numberOf(operand)];
  return left === undefined || right === undefined ? undefined : byNumber?.(left, right);
}

function numberOf(text: string): number | undefined {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(number) ? undefined : number;
}
