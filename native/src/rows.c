/* Records by key (`game.view.Records`) as one block of numbers, which is a dict for whoever asks as of one. */
#include "skirmish.h"

static PyTypeObject RowsType;

Rows *rows_new(Py_ssize_t count, int fields)
{
    Rows *rows = PyObject_NewVar(Rows, &RowsType, count * (fields + 1));
    if (rows != NULL) {
        rows->fields = fields;
        rows->count = count;
        rows->dict = NULL;
    }
    return rows;
}

static void rows_dealloc(Rows *rows)
{
    Py_XDECREF(rows->dict);
    PyObject_Free(rows);
}

static int add_record(PyObject *dict, const int64_t *row, int fields)
{
    PyObject *key = PyLong_FromLongLong(row[0]), *record = PyTuple_New(fields);
    int status = key == NULL || record == NULL ? -1 : 0;
    for (int index = 0; status == 0 && index < fields; index++) {
        PyObject *value = PyLong_FromLongLong(row[1 + index]);
        PyTuple_SET_ITEM(record, index, value);
        status = value == NULL ? -1 : 0;
    }
    if (status == 0)
        status = PyDict_SetItem(dict, key, record);
    Py_XDECREF(key);
    Py_XDECREF(record);
    return status;
}

/* A borrowed reference to the same as a dict of tuples, made when it is asked for first. */
static PyObject *as_dict(Rows *rows)
{
    if (rows->dict == NULL) {
        PyObject *dict = PyDict_New();
        for (Py_ssize_t index = 0; dict != NULL && index < rows->count; index++)
            if (add_record(dict, row_of(rows, index), rows->fields) < 0)
                Py_CLEAR(dict);
        rows->dict = dict;
    }
    return rows->dict;
}

static Py_ssize_t rows_length(Rows *rows)
{
    return rows->count;
}

static PyObject *rows_item(Rows *rows, PyObject *key)
{
    PyObject *dict = as_dict(rows);
    return dict == NULL ? NULL : PyObject_GetItem(dict, key);
}

static int rows_contain(Rows *rows, PyObject *key)
{
    PyObject *dict = as_dict(rows);
    return dict == NULL ? -1 : PyDict_Contains(dict, key);
}

static PyObject *rows_iterator(Rows *rows)
{
    PyObject *dict = as_dict(rows);
    return dict == NULL ? NULL : PyObject_GetIter(dict);
}

static PyObject *rows_repr(Rows *rows)
{
    PyObject *dict = as_dict(rows);
    return dict == NULL ? NULL : PyObject_Repr(dict);
}

static bool are_same(const Rows *left, const Rows *right)
{
    return left->fields == right->fields && left->count == right->count
        && memcmp(left->numbers, right->numbers, (size_t)Py_SIZE(left) * sizeof *left->numbers) == 0;
}

static PyObject *rows_compare(Rows *rows, PyObject *other, int how)
{
    if (how != Py_EQ && how != Py_NE)
        Py_RETURN_NOTIMPLEMENTED;
    if (Py_IS_TYPE(other, &RowsType)) {
        if (are_same(rows, (Rows *)other))
            return PyBool_FromLong(how == Py_EQ);
        if ((other = as_dict((Rows *)other)) == NULL)
            return NULL;
    }
    PyObject *dict = as_dict(rows);
    return dict == NULL ? NULL : PyObject_RichCompare(dict, other, how);
}

/* What reads a dict, and nothing that changes one. */
static PyObject *rows_attribute(Rows *rows, PyObject *name)
{
    static const char *const READING[] = {"get", "items", "keys", "values"};
    for (size_t index = 0; index < sizeof READING / sizeof *READING; index++)
        if (PyUnicode_CompareWithASCIIString(name, READING[index]) == 0) {
            PyObject *dict = as_dict(rows);
            return dict == NULL ? NULL : PyObject_GetAttr(dict, name);
        }
    return PyObject_GenericGetAttr((PyObject *)rows, name);
}

/* A copy of it is a dict. */
static PyObject *rows_reduce(Rows *rows, PyObject *nothing)
{
    (void)nothing;
    PyObject *dict = as_dict(rows);
    return dict == NULL ? NULL : Py_BuildValue("(O(O))", (PyObject *)&PyDict_Type, dict);
}

static PyMappingMethods rows_as_mapping = {
    .mp_length = (lenfunc)rows_length,
    .mp_subscript = (binaryfunc)rows_item,
};
static PySequenceMethods rows_as_sequence = {.sq_contains = (objobjproc)rows_contain};
static PyMethodDef rows_methods[] = {
    {"__reduce__", (PyCFunction)rows_reduce, METH_NOARGS, "As a dict."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject RowsType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "skirmish_native.Rows",
    .tp_basicsize = offsetof(Rows, numbers),
    .tp_itemsize = sizeof(int64_t),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_doc = "Records of a view by key; see game.view.Records.",
    .tp_dealloc = (destructor)rows_dealloc,
    .tp_repr = (reprfunc)rows_repr,
    .tp_hash = PyObject_HashNotImplemented,
    .tp_as_mapping = &rows_as_mapping,
    .tp_as_sequence = &rows_as_sequence,
    .tp_getattro = (getattrofunc)rows_attribute,
    .tp_richcompare = (richcmpfunc)rows_compare,
    .tp_iter = (getiterfunc)rows_iterator,
    .tp_methods = rows_methods,
};

int rows_set_up(void)
{
    return PyType_Ready(&RowsType);
}

bool are_records(PyObject *records)
{
    return Py_IS_TYPE(records, &RowsType) || PyDict_Check(records);
}

Py_ssize_t records_count(PyObject *records)
{
    return Py_IS_TYPE(records, &RowsType) ? ((Rows *)records)->count : PyDict_GET_SIZE(records);
}

int record_next(PyObject *records, Py_ssize_t *at, int fields, int64_t *row)
{
    if (Py_IS_TYPE(records, &RowsType)) {
        const Rows *rows = (Rows *)records;
        if (*at >= rows->count)
            return 0;
        if (rows->fields != fields) {
            PyErr_Format(PyExc_ValueError, "a record of %d integers was expected", fields);
            return -1;
        }
        memcpy(row, row_of(rows, (*at)++), (size_t)(1 + fields) * sizeof *row);
        return 1;
    }
    PyObject *key, *record;
    if (!PyDict_Next(records, at, &key, &record))
        return 0;
    return int_of(key, row) < 0 || ints_of_tuple(record, fields, row + 1) < 0 ? -1 : 1;
}
