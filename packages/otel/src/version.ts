/** Of this package; part of the instrumentation scope. */
export const version = '0.0.0';
