// Drawn here, so that nothing is downloaded. All stand beside words and are hidden from screen readers.

import type { ComponentChildren } from 'preact';

function Icon({ children, filled }: { children: ComponentChildren; filled?: boolean }) {
  return (
    <svg class={filled ? 'icon filled' : 'icon'} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

const SLASH = <path d="M4 3l16 18" />;
const MIC = (
  <>
    <rect x="9" y="3" width="6" height="11" rx="3" />
    <path d="M5 11a7 7 0 0 0 14 0M12 18v3M8.5 21h7" />
  </>
);
const CAMERA = (
  <>
    <rect x="3" y="6.5" width="12" height="11" rx="2" />
    <path d="M15 11l6-3.5v9L15 13" />
  </>
);

export const MicIcon = () => <Icon>{MIC}</Icon>;
export const CameraIcon = () => <Icon>{CAMERA}</Icon>;
export const MicOffIcon = () => (
  <Icon>
    {MIC}
    {SLASH}
  </Icon>
);
export const CameraOffIcon = () => (
  <Icon>
    {CAMERA}
    {SLASH}
  </Icon>
);
export const SpeakerIcon = () => (
  <Icon>
    <path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11" />
  </Icon>
);
export const EnlargeIcon = () => (
  <Icon>
    <path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" />
  </Icon>
);
export const ReduceIcon = () => (
  <Icon>
    <path d="M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5" />
  </Icon>
);
export const LeaveIcon = () => (
  <Icon>
    <path d="M13 4H5v16h8M10 12h10M16.5 8.5L20 12l-3.5 3.5" />
  </Icon>
);
export const ListIcon = () => (
  <Icon>
    <path d="M4 6h.01M4 12h.01M4 18h.01M8.5 6H20M8.5 12H20M8.5 18H20" />
  </Icon>
);
export const WallIcon = () => (
  <Icon>
    <path d="M3 5h18v14H3zM9 5v14M15 5v14M3 9.7h18M3 14.3h18" />
  </Icon>
);
export const WarningIcon = () => (
  <Icon>
    <path d="M12 4L2.5 20h19zM12 10v4.5M12 17.2v.3" />
  </Icon>
);
export const RecordIcon = () => (
  <Icon filled>
    <circle cx="12" cy="12" r="7" />
  </Icon>
);
export const StopIcon = () => (
  <Icon filled>
    <rect x="6" y="6" width="12" height="12" rx="1.5" />
  </Icon>
);
export const HandIcon = () => (
  <Icon>
    <path d="M7.5 12V6.2a1.4 1.4 0 0 1 2.8 0V11V4.4a1.4 1.4 0 0 1 2.8 0V11V5.4a1.4 1.4 0 0 1 2.8 0V12V8.2a1.3 1.3 0 0 1 2.6 0V14c0 4-2.400 7-6.200 7c-3 0-4.600-1.600-6-4.200L4.200 13.400c-.9-1.700 1.100-2.900 2.200-1.500z" />
  </Icon>
);
export const MenuIcon = () => (
  <Icon filled>
    <circle cx="12" cy="5" r="1.9" />
    <circle cx="12" cy="12" r="1.9" />
    <circle cx="12" cy="19" r="1.9" />
  </Icon>
);
export const UndoIcon = () => (
  <Icon>
    <path d="M8 5L4 9l4 4M4.500 9H14a5.500 5.500 0 0 1 0 11h-3" />
  </Icon>
);
export const TakeIcon = () => (
  <Icon filled>
    <path d="M6 4l14 8-14 8z" />
  </Icon>
);
export const LockIcon = () => (
  <Icon>
    <rect x="5" y="10.500" width="14" height="9.500" rx="2" />
    <path d="M8 10.500V8a4 4 0 0 1 8 0v2.500" />
  </Icon>
);
export const UpIcon = () => (
  <Icon>
    <path d="M6 14l6-6 6 6" />
  </Icon>
);
export const DownIcon = () => (
  <Icon>
    <path d="M6 10l6 6 6-6" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="M6 6l12 12M18 6L6 18" />
  </Icon>
);
export const TextIcon = () => (
  <Icon>
    <path d="M3 15h18v5H3zM6 17.500h12M3 4h18v8" />
  </Icon>
);
export const HelpIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="9" />
    <path d="M9.500 9.500a2.500 2.500 0 1 1 3.600 2.300c-.8.4-1.100.9-1.100 1.800M12 16.800v.2" />
  </Icon>
);
export const EndIcon = () => (
  <Icon>
    <path d="M12 3v9M6.500 6.500a8 8 0 1 0 11 0" />
  </Icon>
);
export const WindowIcon = () => (
  <Icon>
    <path d="M10 5H4v14h14v-6M13 4h7v7M20 4l-9 9" />
  </Icon>
);
export const RollIcon = () => (
  <Icon>
    <path d="M3.500 6l1.500 1.500L7.500 5M3.500 12l1.500 1.500L7.500 11M3.500 18l1.500 1.500L7.500 17M11 6h9.500M11 12h9.500M11 18h9.500" />
  </Icon>
);
export const VoteIcon = () => (
  <Icon>
    <path d="M4 12.500v7.500h16v-7.500M2.500 12.500h19M7.500 12.500l4.500-9l5 2.500l-3.300 6.500" />
  </Icon>
);
export const AgendaIcon = () => (
  <Icon>
    <path d="M6 3h9l4 4v14H6zM15 3v4h4M9 11h7M9 15h7" />
  </Icon>
);
export const MinutesIcon = () => (
  <Icon>
    <path d="M12 3v11M7.500 9.500L12 14l4.500-4.500M4 16v4.500h16V16" />
  </Icon>
);
export const ChatIcon = () => (
  <Icon>
    <path d="M4 5h16v11H10l-4.500 4v-4H4zM8 9h8M8 12.500h5" />
  </Icon>
);
export const ScreenIcon = () => (
  <Icon>
    <path d="M3 5h18v12H3zM9 20.500h6M12 14V8.500M9.500 11l2.500-2.500l2.500 2.500" />
  </Icon>
);
export const DoorIcon = () => (
  <Icon>
    <path d="M6 21V3h12v18M3.500 21h17M14.500 12v.5" />
  </Icon>
);
