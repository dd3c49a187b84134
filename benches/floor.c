// The lower bound for `match` over plain HTTP: only reads both photos, sends them as a form, and
// reads the answer.
// usage: floor PORT USER_IMAGE REF_IMAGE. Exits with 0 if the answer says Approved.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PART "\r\n--x\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"a.jpg\"\r\n" \
             "Content-Type: image/jpeg\r\n\r\n"
#define END "\r\n--x--\r\n"

static size_t read_file(const char *path, char **bytes) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END)) exit(6);
  size_t size = ftell(file);
  rewind(file);
  *bytes = malloc(size);
  if (fread(*bytes, 1, size, file) != size) exit(6);
  return size;
}

static void send_all(int connection, const char *bytes, size_t size) {
  for (ssize_t sent; size > 0; bytes += sent, size -= sent)
    if ((sent = write(connection, bytes, size)) <= 0) exit(7);
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  char *user, *reference, head[512], first[256], second[256], answer[4096];
  size_t user_size = read_file(arguments[2], &user);
  size_t reference_size = read_file(arguments[3], &reference);
  size_t first_size = sprintf(first, PART, "user_image");
  size_t second_size = sprintf(second, PART, "ref_image");
  size_t size = first_size + user_size + second_size + reference_size + strlen(END);
  size_t head_size = sprintf(head, "POST /v3/face-match/ HTTP/1.1\r\nHost: 127.0.0.1\r\nx-api-key: bench\r\n"
    "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: %zu\r\n\r\n", size);

  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[1])),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int connection = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(connection, (struct sockaddr *)&address, sizeof address)) return 7;
  send_all(connection, head, head_size);
  send_all(connection, first, first_size);
  send_all(connection, user, user_size);
  send_all(connection, second, second_size);
  send_all(connection, reference, reference_size);
  send_all(connection, END, strlen(END));
  size_t length = 0;
  for (ssize_t got; (got = read(connection, answer + length, sizeof answer - 1 - length)) > 0;) length += got;
  answer[length] = 0;
  return !strstr(answer, "Approved");
}
