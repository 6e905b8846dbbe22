/** Parts of the integral, by Simpson's rule: the error is below a millionth. */
const PARTS = 400;

/**
 * The value within which, on either side of 0, a variable of Student's t distribution lies with a probability.
 *
 * With `x = √ν tan θ` the density of t is proportional to `cos^(ν-1) θ`, so that its normalisation needs no gamma function.
 *
 * @param probability - above 0 and below 1
 * @param freedom - degrees of freedom, at least 2; they need not be whole
 * @example studentsT(0.95, 10) // 2.228…
 */
export function studentsT(probability: number, freedom: number): number {
  const whole = integral(Math.PI / 2, freedom);
  let [low, high] = [0, Math.PI / 2];
  for (let step = 0; step < 45; step += 1) {
    const middle = (low + high) / 2;
    if (integral(middle, freedom) / whole < probability) low = middle;
    else high = middle;
  }
  return Math.sqrt(freedom) * Math.tan(low);
}

/** The integral of `cos^(ν-1)` from 0. */
function integral(to: number, freedom: number): number {
  const width = to / PARTS;
  let sum = 1 + densityAt(to, freedom);
  for (let part = 1; part < PARTS; part += 1)
    sum += (part % 2 === 0 ? 2 : 4) * densityAt(part * width, freedom);
  return (sum * width) / 3;
}

const densityAt = (angle: number, freedom: number): number => Math.max(0, Math.cos(angle)) ** (freedom - 1);
