export function Brand({ size = 20 }: { readonly size?: number }) {
  return (
    <svg viewBox="0 0 20 20" width={size} height={size} aria-hidden fill="none" stroke="var(--acc)" strokeWidth={2}>
      <path d="M2 6h5l6 8h5M2 14h4l2-2.6M12 8.6 14 6h4" />
    </svg>
  );
}
