/**
 * The integer arithmetic of the rules, in the browser's doubles.
 *
 * Python's `//` and `>>` round towards minus infinity; the browser's `/` does not round at all and
 * its `|0` rounds towards zero. Everything here is exact for |a| < 2 ** 53.
 */

/** `a // b` of Python, for b > 0. */
export function floorDivide(a: number, b: number): number {
  const quotient = Math.floor(a / b);
  // For large a the double a / b may be rounded up to a whole number; one step back corrects that.
  return (quotient * b > a ? quotient - 1 : quotient) + 0; // + 0 turns -0 into 0
}

/** `math.isqrt` of Python: the largest whole number whose square is not above `value`. */
export function integerSquareRoot(value: number): number {
  let root = Math.floor(Math.sqrt(value));
  while (root * root > value) root -= 1;
  while ((root + 1) * (root + 1) <= value) root += 1;
  return root;
}
