import type { ComponentChildren, JSX } from 'preact';

function Icon({ children }: { children: ComponentChildren }): JSX.Element {
  return (
    <svg
      class="glyph"
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const ExecutingIcon = (): JSX.Element => (
  <Icon>
    <circle cx="8" cy="8" r="5.6" opacity="0.3" />
    <path class="turning" d="M8 2.4a5.6 5.6 0 0 1 5.6 5.6" />
  </Icon>
);
export const UnknownIcon = (): JSX.Element => (
  <Icon>
    <circle cx="8" cy="8" r="5.6" />
    <path d="M6.5 6.6a1.5 1.5 0 1 1 2.2 1.3c-.5.3-.7.6-.7 1.1M8 11v.1" />
  </Icon>
);
export const HeldIcon = (): JSX.Element => (
  <Icon>
    <circle cx="8" cy="8" r="5.6" />
    <path d="M6.6 6v4M9.4 6v4" />
  </Icon>
);
export const StuckIcon = (): JSX.Element => (
  <Icon>
    <circle cx="8" cy="8" r="5.6" />
    <path d="M8 5v3.4M8 10.9v.1" />
  </Icon>
);
export const CompletedIcon = (): JSX.Element => (
  <Icon>
    <path d="m3.4 8.6 3 3 6.2-7" />
  </Icon>
);
export const FailedIcon = (): JSX.Element => (
  <Icon>
    <path d="m4.2 4.2 7.6 7.6M11.8 4.2l-7.6 7.6" />
  </Icon>
);
export const ReleasedIcon = (): JSX.Element => (
  <Icon>
    <path d="M3.2 6.4a5.2 5.2 0 1 1-.3 3.2M3 2.8v3.6h3.6" />
  </Icon>
);
export const CopyIcon = (): JSX.Element => (
  <Icon>
    <rect x="5.4" y="5.4" width="8" height="8" rx="1.6" />
    <path d="M10.6 5.4V4a1.4 1.4 0 0 0-1.4-1.4H4A1.4 1.4 0 0 0 2.6 4v5.2A1.4 1.4 0 0 0 4 10.6h1.4" />
  </Icon>
);
export const CloseIcon = (): JSX.Element => (
  <Icon>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Icon>
);
export const SearchIcon = (): JSX.Element => (
  <Icon>
    <circle cx="7" cy="7" r="4.4" />
    <path d="m10.4 10.4 3.2 3.2" />
  </Icon>
);
export const SunIcon = (): JSX.Element => (
  <Icon>
    <circle cx="8" cy="8" r="2.8" />
    <path d="M8 1.6v1.2M8 13.2v1.2M1.6 8h1.2M13.2 8h1.2M3.5 3.5l.8.8M11.7 11.7l.8.8M3.5 12.5l.8-.8M11.7 4.3l.8-.8" />
  </Icon>
);
export const MoonIcon = (): JSX.Element => (
  <Icon>
    <path d="M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8Z" />
  </Icon>
);
export const OutwardIcon = (): JSX.Element => (
  <Icon>
    <path d="M6 3.4H4A1.4 1.4 0 0 0 2.6 4.8V12A1.4 1.4 0 0 0 4 13.4h7.2a1.4 1.4 0 0 0 1.4-1.4v-2M9.4 2.6h4v4M13.2 2.8 7.6 8.4" />
  </Icon>
);
export const BackIcon = (): JSX.Element => (
  <Icon>
    <path d="M9.8 3.4 5.2 8l4.6 4.6" />
  </Icon>
);
export const Mark = (): JSX.Element => (
  <svg
    class="mark"
    viewBox="0 0 24 24"
    width="22"
    height="22"
    fill="none"
    stroke="currentColor"
    stroke-width="2.2"
    aria-hidden="true"
  >
    <path d="M2 6h4.5c3 0 4 6 6.5 6" stroke-linecap="round" />
    <path d="M2 18h4.5c3 0 4-6 6.5-6" stroke-linecap="round" />
    <circle cx="17.5" cy="12" r="4.5" fill="currentColor" stroke="none" />
  </svg>
);
