/** Stands before a digest that would look like an option. */
export const wholeDigestMark = 'digest:';

const digestWithHyphen = /^-[\w-]{42}$/;

/** One digest in 64 begins with a hyphen, which makes it an option to whoever parses the command line. */
export function markDigests(args: readonly string[]): string[] {
  return args.map((arg) => (digestWithHyphen.test(arg) ? wholeDigestMark + arg : arg));
}
