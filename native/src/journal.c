/* `game.journal.writer.tick_records_in_python`: ticks as records, each vouched for by a chain. */
#include "skirmish.h"

enum { START_BYTES = 7, CHAIN_BYTES = 8, CHECK_BYTES = 2, TRACE_BYTES = 4, BYTE_STRING = 0x5a, KIND_TICK = 2 };
enum { CBOR_BYTES = 2, INPUT_BYTES = 6, INPUT_FIELDS = 4, COMMAND_FIELDS = 3, BLOCK_BYTES = 128 };

/* CRC-32 as zlib has it. */
static uint32_t crc_table[256];

void journal_set_up(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t left = byte;
        for (int bit = 0; bit < 8; bit++)
            left = left & 1 ? left >> 1 ^ 0xedb88320u : left >> 1;
        crc_table[byte] = left;
    }
}

static uint32_t crc32_of(uint32_t begin, const uint8_t *data, size_t size)
{
    uint32_t crc = ~begin;
    for (size_t index = 0; index < size; index++)
        crc = crc >> 8 ^ crc_table[(crc ^ data[index]) & 0xff];
    return ~crc;
}

/* BLAKE2b without a key, in eight bytes: RFC 7693. */
static const uint64_t BLAKE_IV[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};
static const uint8_t BLAKE_SIGMA[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

static inline uint64_t rotated(uint64_t value, int bits)
{
    return value >> bits | value << (64 - bits);
}

static inline void mix(uint64_t *v, int a, int b, int c, int d, uint64_t x, uint64_t y)
{
    v[a] += v[b] + x;
    v[d] = rotated(v[d] ^ v[a], 32);
    v[c] += v[d];
    v[b] = rotated(v[b] ^ v[c], 24);
    v[a] += v[b] + y;
    v[d] = rotated(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = rotated(v[b] ^ v[c], 63);
}

static void compress(uint64_t *state, const uint8_t *block, uint64_t count, bool is_last)
{
    uint64_t v[16], words[16];
    for (int index = 0; index < 16; index++) {
        words[index] = 0;
        for (int byte = 0; byte < 8; byte++)
            words[index] |= (uint64_t)block[8 * index + byte] << 8 * byte;
    }
    memcpy(v, state, sizeof BLAKE_IV);
    memcpy(v + 8, BLAKE_IV, sizeof BLAKE_IV);
    v[12] ^= count;
    v[14] ^= is_last ? ~(uint64_t)0 : 0;
    for (int round = 0; round < 12; round++) {
        const uint8_t *order = BLAKE_SIGMA[round % 10];
        for (int column = 0; column < 4; column++)
            mix(v, column, 4 + column, 8 + column, 12 + column, words[order[2 * column]], words[order[2 * column + 1]]);
        for (int diagonal = 0; diagonal < 4; diagonal++)
            mix(v, diagonal, 4 + (diagonal + 1) % 4, 8 + (diagonal + 2) % 4, 12 + (diagonal + 3) % 4,
                words[order[8 + 2 * diagonal]], words[order[9 + 2 * diagonal]]);
    }
    for (int index = 0; index < 8; index++)
        state[index] ^= v[index] ^ v[8 + index];
}

static void digest_of(const uint8_t *data, size_t size, uint8_t *digest)
{
    uint64_t state[8], count = 0;
    uint8_t last[BLOCK_BYTES] = {0};
    memcpy(state, BLAKE_IV, sizeof state);
    state[0] ^= 0x01010000 ^ CHAIN_BYTES;
    for (; size > BLOCK_BYTES; data += BLOCK_BYTES, size -= BLOCK_BYTES)
        compress(state, data, count += BLOCK_BYTES, false);
    memcpy(last, data, size);
    compress(state, last, count + size, true);
    for (int byte = 0; byte < CHAIN_BYTES; byte++)
        digest[byte] = (uint8_t)(state[0] >> 8 * byte);
}

/* The six bytes of an input: slot, buttons, aim, view lag. */
static int put_input(Buffer *records, PyObject *item)
{
    static const int64_t most[INPUT_FIELDS] = {0xff, 0xffff, 0xffff, 0xff};
    int64_t numbers[INPUT_FIELDS];
    if (!PyTuple_Check(item) || PyTuple_GET_SIZE(item) != 2) {
        PyErr_SetString(PyExc_TypeError, "an input is (slot, (buttons, aim, view lag))");
        return -1;
    }
    if (int_of(PyTuple_GET_ITEM(item, 0), numbers) < 0
        || ints_of_tuple(PyTuple_GET_ITEM(item, 1), INPUT_FIELDS - 1, numbers + 1) < 0)
        return -1;
    for (int index = 0; index < INPUT_FIELDS; index++)
        if (numbers[index] < 0 || numbers[index] > most[index]) {
            PyErr_SetString(PyExc_ValueError, "a number of an input is out of its range");
            return -1;
        }
    const uint8_t bytes[INPUT_BYTES] = {
        (uint8_t)numbers[0], (uint8_t)numbers[1], (uint8_t)(numbers[1] >> 8),
        (uint8_t)numbers[2], (uint8_t)(numbers[2] >> 8), (uint8_t)numbers[3],
    };
    return buffer_put(records, bytes, sizeof bytes);
}

static int put_head(Buffer *records, uint8_t major, Py_ssize_t count)
{
    if (buffer_reserve(records, CBOR_INT_BYTES_MAX) < 0)
        return -1;
    records->size = (size_t)(cbor_head(records->data + records->size, major, (uint64_t)count) - records->data);
    return 0;
}

static int put_commands(Buffer *records, PyObject *commands)
{
    const Py_ssize_t count = PySequence_Fast_GET_SIZE(commands);
    if (put_head(records, CBOR_ARRAY, count * COMMAND_FIELDS) < 0)
        return -1;
    for (Py_ssize_t index = 0; index < count; index++) {
        int64_t numbers[COMMAND_FIELDS];
        if (ints_of_tuple(PySequence_Fast_GET_ITEM(commands, index), COMMAND_FIELDS, numbers) < 0
            || buffer_reserve(records, COMMAND_FIELDS * CBOR_INT_BYTES_MAX) < 0)
            return -1;
        for (int field = 0; field < COMMAND_FIELDS; field++)
            records->size = (size_t)(cbor_int(records->data + records->size, numbers[field]) - records->data);
    }
    return 0;
}

/* `records.trace_of` */
static int put_trace(Buffer *records, PyObject *stand)
{
    if (!PyTuple_Check(stand) || PyTuple_GET_SIZE(stand) != 2 || !PyBytes_Check(PyTuple_GET_ITEM(stand, 0))
        || !PyLong_Check(PyTuple_GET_ITEM(stand, 1))) {
        PyErr_SetString(PyExc_TypeError, "a stand is (bytes, int)");
        return -1;
    }
    PyObject *places = PyTuple_GET_ITEM(stand, 0);
    const uint64_t rest = PyLong_AsUnsignedLongLongMask(PyTuple_GET_ITEM(stand, 1));
    const uint8_t *data = (const uint8_t *)PyBytes_AS_STRING(places);
    const uint32_t crc = crc32_of((uint32_t)(rest ^ rest >> 32), data, (size_t)PyBytes_GET_SIZE(places));
    const uint8_t trace[TRACE_BYTES] = {(uint8_t)(crc >> 24), (uint8_t)(crc >> 16), (uint8_t)(crc >> 8), (uint8_t)crc};
    return buffer_put(records, trace, sizeof trace);
}

static int put_payload(Buffer *records, PyObject *stand, PyObject *commands, PyObject *inputs)
{
    const bool has_commands = PySequence_Fast_GET_SIZE(commands) > 0;
    const uint8_t head[] = {has_commands ? 0x84 : 0x83, KIND_TICK, CBOR_BYTES << 5 | TRACE_BYTES};
    const Py_ssize_t count = PySequence_Fast_GET_SIZE(inputs);
    if (buffer_put(records, head, sizeof head) < 0 || put_trace(records, stand) < 0
        || put_head(records, CBOR_BYTES, count * INPUT_BYTES) < 0)
        return -1;
    for (Py_ssize_t index = 0; index < count; index++)
        if (put_input(records, PySequence_Fast_GET_ITEM(inputs, index)) < 0)
            return -1;
    return has_commands ? put_commands(records, commands) : 0;
}

/* `records.start_of`: a byte string of so many bytes, and a check of how many. */
static void write_start(uint8_t *at, size_t length)
{
    at[0] = BYTE_STRING;
    for (int byte = 0; byte < 4; byte++)
        at[1 + byte] = (uint8_t)(length >> 8 * (3 - byte));
    const uint32_t check = crc32_of(0, at + 1, 4);
    at[5] = (uint8_t)(check >> 8);
    at[6] = (uint8_t)check;
}

/* The record of a tick behind `chain`, which becomes that record's own. */
static int put_tick(Buffer *records, PyObject *tick, uint8_t *chain)
{
    static const uint8_t NO_START[START_BYTES];
    if (!PyTuple_Check(tick) || PyTuple_GET_SIZE(tick) != 3) {
        PyErr_SetString(PyExc_TypeError, "a tick is (stand, commands, inputs)");
        return -1;
    }
    const size_t start = records->size;
    PyObject *commands = PySequence_Fast(PyTuple_GET_ITEM(tick, 1), "commands are a sequence");
    PyObject *inputs = commands == NULL ? NULL : PySequence_Fast(PyTuple_GET_ITEM(tick, 2), "inputs are a sequence");
    int status = inputs == NULL ? -1 : 0;
    if (status == 0
        && (buffer_put(records, NO_START, sizeof NO_START) < 0 || buffer_put(records, chain, CHAIN_BYTES) < 0
            || put_payload(records, PyTuple_GET_ITEM(tick, 0), commands, inputs) < 0))
        status = -1;
    Py_XDECREF(commands);
    Py_XDECREF(inputs);
    if (status < 0)
        return -1;
    uint8_t *record = records->data + start, *vouched = record + START_BYTES; /* the chain before, and the payload */
    const size_t size = records->size - start - START_BYTES;
    digest_of(vouched, size, chain);
    memcpy(vouched, chain, CHAIN_BYTES);
    write_start(record, CHECK_BYTES + size);
    return 0;
}

/* tick_records(chain: bytes, ticks: list): their bytes, and the chain after them */
PyObject *native_tick_records(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    if (count != 2 || !PyBytes_Check(args[0]) || PyBytes_GET_SIZE(args[0]) != CHAIN_BYTES || !PyList_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "tick_records(chain: 8 bytes, ticks: list)");
        return NULL;
    }
    uint8_t chain[CHAIN_BYTES];
    memcpy(chain, PyBytes_AS_STRING(args[0]), CHAIN_BYTES);
    Buffer records = {0};
    PyObject *answer = NULL, *ticks = PyList_AsTuple(args[1]); /* inputs that are no list may run code */
    int status = ticks == NULL ? -1 : 0;
    for (Py_ssize_t index = 0; status == 0 && index < PyTuple_GET_SIZE(ticks); index++)
        status = put_tick(&records, PyTuple_GET_ITEM(ticks, index), chain);
    if (status == 0)
        answer = Py_BuildValue("(y#y#)", records.size ? (char *)records.data : "", (Py_ssize_t)records.size,
                               (char *)chain, (Py_ssize_t)CHAIN_BYTES);
    Py_XDECREF(ticks);
    PyMem_Free(records.data);
    return answer;
}
