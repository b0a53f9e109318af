import { usage } from '../failure.ts';

/** A store URL, taken apart. */
export interface StoreUrl {
  /** Without the colon. */
  readonly scheme: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** At least one; the host may be empty. */
  readonly servers: readonly { readonly host: string; readonly port: number | undefined }[];
  /** Decoded, without the slash that it begins with. */
  readonly path: string;
  readonly params: ReadonlyMap<string, string>;
  /** As it may be shown: without password and options. */
  readonly label: string;
}

const shape = /^([a-z][a-z-]*):\/\/(?:([^@/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/;

const fileShape = /^sqlite:(?:\/\/)?([^?#]*)(?:\?([^#]*))?$/;

/** Undefined for text that is no URL. */
export function parseStoreUrl(text: string): StoreUrl | undefined {
  const file = fileShape.exec(text);
  if (file) return fileUrl(file[1]!, file[2]);
  const match = shape.exec(text);
  if (!match) return undefined;
  const [, scheme, login, authority = '', path = '', query = ''] = match;
  // A login with a slash or a question mark in it: it would be taken for a server and what follows, and be shown.
  const rest = path === '' ? query : path;
  if (login === undefined && authority !== '' && rest.includes('@')) return undefined;
  try {
    const [username, password] = (login ?? '').split(/:(.*)/s).map(decodeURIComponent);
    return {
      scheme: scheme!,
      username: username || undefined,
      password: password || undefined,
      servers: authority.split(',').map(serverOf),
      path: decodeURIComponent(path),
      params: new Map(new URLSearchParams(query)),
      label: `${scheme}://${username ? `${encodeURIComponent(username)}@` : ''}${authority}${path && `/${path}`}`,
    };
  } catch {
    return undefined;
  }
}

/** A path is written as it is: `%` and all. */
function fileUrl(path: string, query = ''): StoreUrl {
  return {
    scheme: 'sqlite',
    username: undefined,
    password: undefined,
    servers: [{ host: '', port: undefined }],
    path,
    params: new Map(new URLSearchParams(query)),
    label: `sqlite:${path}`,
  };
}

function serverOf(text: string): StoreUrl['servers'][number] {
  const [, ipv6, name, port] = /^(?:\[([\da-f:.]+)\]|([^:[\]]*))(?::(\d+))?$/i.exec(text) ?? [];
  if (name === undefined && ipv6 === undefined) throw new Error('no host');
  return { host: ipv6 ?? name!, port: port === undefined ? undefined : Number(port) };
}

/** The options of a URL that are among `known`; throws for any other. */
export function optionsOf(
  { params, label }: StoreUrl,
  known: readonly string[],
): Readonly<Record<string, string>> {
  for (const name of params.keys()) {
    if (!known.includes(name)) {
      throw usage(`${label} has no option '${name}'; it has ${known.join(', ')}`);
    }
  }
  return Object.fromEntries(params);
}
