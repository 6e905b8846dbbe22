/** Another release than the host's own (Zed), by the Debian suite that carries it; `hop` and `roll` go from one to another. */
export type LabSuite = 'bullseye' | 'trixie' | 'forky' | 'hop' | 'roll';
