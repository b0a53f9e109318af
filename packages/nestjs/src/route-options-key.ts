/** Under which metadata the options of a route are kept. */
export const routeOptionsKey: unique symbol = Symbol.for('twiceproof.nestjs.route');
