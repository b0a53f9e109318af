/**
 * Loads a part of the package when it is first asked for; whoever asks meanwhile shares that. A load that failed,
 * for want of a file handle or while files were being replaced, is tried again by the next who asks.
 */
export function onDemand<Part>(load: () => Promise<Part>): () => Promise<Part> {
  let loading: Promise<Part> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
