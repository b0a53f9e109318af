/** The name of the Lambda that this code runs in. */
export function lambdaName(): string | undefined {
  // biome-ignore lint/style/noProcessEnv: this is where Powertools has it from
  return process.env.AWS_LAMBDA_FUNCTION_NAME;
}
