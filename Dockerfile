# The image holds one static binary, the certificates it trusts and an empty
# directory for its store. There is no shell and no package in it.

FROM golang:1.26-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -tags timetzdata -ldflags "-s -w" -o /out/coranto ./cmd/coranto \
 && mkdir -p /out/data /out/config

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Coranto" \
      org.opencontainers.image.description="Reads many feeds and publishes a few good ones" \
      org.opencontainers.image.source="https://github.com/coranto/coranto" \
      org.opencontainers.image.documentation="https://github.com/coranto/coranto#readme" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/coranto /coranto
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build --chown=65532:65532 /out/config /config

# The store. Whoever runs the image as another user gives that user the volume.
ENV CORANTO_DATA=/data
VOLUME /data

# coranto.yaml is read from here; without one an empty planet is served.
WORKDIR /config

USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["/coranto", "healthcheck"]
ENTRYPOINT ["/coranto"]
CMD ["serve"]
