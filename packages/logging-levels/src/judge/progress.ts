/** `Starting …`, `Attempting to …`: a present participle first. */
export const PROGRESS: RegExp =
  /^(?:\[instance: [\w-]{1,64}\] {0,2})?(?:starting|stopping|attempting|trying|beginning|initializing|going to|about to)\b/i;
