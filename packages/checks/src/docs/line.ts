/** A line of example code and the place in the repository it was written at. */
export interface Line {
  readonly text: string;
  readonly file: string;
  /** 1-based. */
  readonly number: number;
  /** How many characters stand before the text in the file. */
  readonly indent: number;
}
