/** A point of a series: days, and bounds of the value. */
export interface FitPoint {
  readonly day: number;
  readonly lower: number;
  readonly upper: number;
}

/** A line through a series, and what is known of where it runs. */
export interface LineFit {
  /**
   * Values that hang together say less than so many that do not: the number of values without any connection that would say
   * as much.
   */
  readonly effective: number;
  /** The bounds of the line's slope, a day. */
  slope(t: number): { readonly lower: number; readonly upper: number };
  /** The bounds of the line at a day. `lower` is concave in it, `upper` convex. */
  at(day: number, t: number): { readonly lower: number; readonly upper: number };
}

/**
 * Fits a line by least squares, with the bounds of its mean response: `t` standard errors on both sides (Draper & Smith,
 * Applied Regression Analysis, chapters 1 and 3).
 *
 * Two things are added, and both make the bounds wider. Neighbouring residuals of counts are alike, so that the number of
 * values is taken down by their correlation, `n (1 - r) / (1 + r)` (Santer et al. 2000, J. Geophys. Res. 105, 7337). And where
 * a value is known within bounds only, the line is moved as far as any value within them would move it.
 *
 * @param points - at least 5, in order, at more than one day
 */
export function fitLine(points: readonly FitPoint[]): LineFit {
  const count = points.length;
  const middles = points.map(({ lower, upper }) => (lower + upper) / 2);
  const halves = points.map(({ lower, upper }) => (upper - lower) / 2);
  const meanDay = mean(points.map(({ day }) => day));
  const meanValue = mean(middles);
  const offsets = points.map(({ day }) => day - meanDay);
  const spread = sum(offsets.map((offset) => offset * offset));
  const slope = sum(offsets.map((offset, index) => offset * (middles[index] ?? 0))) / spread;
  const residuals = middles.map((value, index) => value - meanValue - slope * (offsets[index] ?? 0));
  const squares = sum(residuals.map((residual) => residual * residual));
  const neighbours = sum(residuals.slice(1).map((residual, index) => residual * (residuals[index] ?? 0)));
  // What is left of a perfect line is rounding, which hangs together as it likes.
  const isExact = squares <= count * (1e-9 * Math.max(1, Math.abs(meanValue))) ** 2;
  const seen = neighbours / squares;
  // A fitted line follows its values, so that its residuals hang together less than they should: by about (2 + 4r) / n.
  const correlation = isExact ? 0 : Math.min(1, Math.max(0, seen, (seen * count + 2) / (count - 4)));
  const effective = (count * (1 - correlation)) / (1 + correlation);
  // Of the true values within the bounds the residuals are at most so much longer (the triangle inequality).
  const unseen = Math.sqrt(sum(halves.map((half) => half * half)) / (count - 2));
  const error = Math.sqrt(squares / Math.max(effective - 2, Number.MIN_VALUE)) + unseen;
  return {
    effective,
    slope(t) {
      const moved = sum(offsets.map((offset, index) => Math.abs(offset) * (halves[index] ?? 0))) / spread;
      const margin = (t * error) / Math.sqrt(spread) + moved;
      return { lower: slope - margin, upper: slope + margin };
    },
    at(day, t) {
      const ahead = day - meanDay;
      const value = meanValue + slope * ahead;
      const weightOf = (offset: number): number => 1 / count + (ahead * offset) / spread;
      const moved = sum(offsets.map((offset, index) => Math.abs(weightOf(offset)) * (halves[index] ?? 0)));
      const margin = t * error * Math.sqrt(1 / count + (ahead * ahead) / spread) + moved;
      return { lower: value - margin, upper: value + margin };
    },
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
