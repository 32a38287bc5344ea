/* Slots, tuples and buffers. */
#include "skirmish.h"

int layout_bind(Layout *layout, PyObject *type, const char *const *names, int count)
{
    if (!PyType_Check(type)) {
        PyErr_SetString(PyExc_TypeError, "a class was expected");
        return -1;
    }
    Py_ssize_t *offsets = PyMem_Malloc(sizeof *offsets * count);
    if (offsets == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (int index = 0; index < count; index++) {
        PyObject *descriptor = PyObject_GetAttrString(type, names[index]);
        if (descriptor == NULL) {
            PyMem_Free(offsets);
            return -1;
        }
        const bool is_slot = Py_IS_TYPE(descriptor, &PyMemberDescr_Type)
            && PyType_IsSubtype((PyTypeObject *)type, PyDescr_TYPE(descriptor))
            && ((PyMemberDescrObject *)descriptor)->d_member->type == T_OBJECT_EX;
        if (is_slot)
            offsets[index] = ((PyMemberDescrObject *)descriptor)->d_member->offset;
        Py_DECREF(descriptor);
        if (!is_slot) {
            PyErr_Format(PyExc_TypeError, "%s of %s is no slot", names[index], ((PyTypeObject *)type)->tp_name);
            PyMem_Free(offsets);
            return -1;
        }
    }
    PyMem_Free(layout->offsets);
    Py_XDECREF(layout->type);
    layout->offsets = offsets;
    layout->type = (PyTypeObject *)Py_NewRef(type);
    return 0;
}

int check_type(const Layout *layout, PyObject *object)
{
    if (layout->type != NULL && Py_IS_TYPE(object, layout->type))
        return 0;
    PyErr_Format(PyExc_TypeError, "%s where %s was expected", Py_TYPE(object)->tp_name,
                 layout->type != NULL ? layout->type->tp_name : "a set-up");
    return -1;
}

int ints_of_tuple(PyObject *tuple, int count, int64_t *values)
{
    if (!PyTuple_Check(tuple) || PyTuple_GET_SIZE(tuple) != count) {
        PyErr_Format(PyExc_ValueError, "a record of %d integers was expected", count);
        return -1;
    }
    for (int index = 0; index < count; index++) {
        if (int_of(PyTuple_GET_ITEM(tuple, index), &values[index]) < 0)
            return -1;
    }
    return 0;
}

int buffer_grow(Buffer *buffer, size_t more)
{
    size_t room = buffer->room ? buffer->room : 256;
    while (room < buffer->size + more)
        room *= 2;
    uint8_t *data = PyMem_Realloc(buffer->data, room);
    if (data == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    buffer->data = data;
    buffer->room = room;
    return 0;
}
