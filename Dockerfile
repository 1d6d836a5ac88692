# chmod for schedulers: one static binary beside your project and your profile.
# The embedded engine is not in it; it is for work against a server or cluster.
#
#   docker build -t chmod --build-arg VERSION=0.1.0 .
#   docker run --rm -v "$PWD:/project" -v "$HOME/.dbt:/home/chmod/.dbt:ro" chmod build
FROM golang:1.26-bookworm AS build
ARG VERSION=dev
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -tags static -ldflags "-s -w -X main.version=${VERSION}" -o /out/chmod ./cmd/chmod

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 chmod
# Not on PATH before /bin: scripts in the image mean the system's chmod.
COPY --from=build /out/chmod /opt/chmod/chmod
USER chmod
WORKDIR /project
ENTRYPOINT ["/opt/chmod/chmod"]
CMD ["--help"]
