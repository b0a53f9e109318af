/** The client's fault: the request is answered with the problem of that name, and nothing runs. */
export class BodyRefused extends Error {
  readonly problem: 'body-invalid' | 'body-too-large';

  constructor(problem: BodyRefused['problem']) {
    super(problem);
    this.problem = problem;
  }
}
