// SPDX-License-Identifier: MIT
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <errno.h>
#include <fontconfig/fontconfig.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sim/plot_page.h"
#include "util/text.h"

struct output {
    FILE *file;
    int error; /* errno of the first write that failed */
};

static cairo_status_t write_bytes(void *closure, const unsigned char *data, unsigned int len)
{
    struct output *o = closure;
    if (fwrite(data, 1, len, o->file) == len)
        return CAIRO_STATUS_SUCCESS;
    o->error = errno;
    return CAIRO_STATUS_WRITE_ERROR;
}

static cairo_surface_t *create_svg(struct output *o, double w, double h)
{
    cairo_surface_t *s = cairo_svg_surface_create_for_stream(write_bytes, o, w, h);
    cairo_svg_surface_set_document_unit(s, CAIRO_SVG_UNIT_PT);
    return s;
}

static cairo_surface_t *create_pdf(struct output *o, double w, double h)
{
    cairo_surface_t *s = cairo_pdf_surface_create_for_stream(write_bytes, o, w, h);
    /* Else it is now, and no two files are the same. */
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
    return s;
}

static cairo_surface_t *create_png(struct output *o, double w, double h)
{
    const double pixels = 2; /* a point: 144 dpi */
    (void)o;
    cairo_surface_t *s =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(w * pixels), (int)(h * pixels));
    cairo_surface_set_device_scale(s, pixels, pixels);
    return s;
}

static cairo_status_t finish_stream(cairo_surface_t *s, struct output *o)
{
    (void)o;
    cairo_surface_finish(s);
    return cairo_surface_status(s);
}

static cairo_status_t finish_png(cairo_surface_t *s, struct output *o)
{
    return cairo_surface_write_to_png_stream(s, write_bytes, o);
}

struct format {
    const char *ending;
    cairo_surface_t *(*create)(struct output *o, double w, double h);
    cairo_status_t (*finish)(cairo_surface_t *s, struct output *o);
};

static const struct format formats[] = {
    {".svg", create_svg, finish_stream},
    {".png", create_png, finish_png},
    {".pdf", create_pdf, finish_stream},
};

static const struct format *format_of(const char *path)
{
    size_t len = strlen(path);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        size_t end = strlen(formats[i].ending);
        if (len > end && strcasecmp(path + len - end, formats[i].ending) == 0)
            return &formats[i];
    }
    return NULL;
}

/* Unhinted, letters stand the same in every kind of file. */
static void plain_fonts(cairo_t *cr)
{
    cairo_font_options_t *o = cairo_font_options_create();
    cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
    cairo_set_font_options(cr, o);
    cairo_font_options_destroy(o);
}

static cairo_status_t write_surface(cairo_surface_t *surface, const struct format *f,
                                    struct output *o, picture_fn *draw, struct page *p)
{
    p->cr = cairo_create(surface);
    plain_fonts(p->cr);
    draw(p);
    cairo_status_t status = p->nomem ? CAIRO_STATUS_NO_MEMORY : cairo_status(p->cr);
    cairo_destroy(p->cr);
    p->cr = NULL;
    return status == CAIRO_STATUS_SUCCESS ? f->finish(surface, o) : status;
}

static int report(cairo_status_t status, const struct output *o, struct err *e)
{
    if (status == CAIRO_STATUS_SUCCESS)
        return 0;
    if (status == CAIRO_STATUS_NO_MEMORY)
        return err_nomem(e);
    if (status != CAIRO_STATUS_WRITE_ERROR)
        return err_set(e, ERR_SYSTEM, "cannot draw: %s", cairo_status_to_string(status));
    errno = o->error;
    return err_errno(e, "cannot write");
}

static int write_file(const char *path, double width, double height, picture_fn *draw,
                      struct page *p, struct err *e)
{
    const struct format *f = format_of(path);
    struct output o = {.file = fopen(path, "we")};
    if (!o.file)
        return err_errno(e, "cannot open");
    cairo_surface_t *surface = f->create(&o, width, height);
    int rc = report(write_surface(surface, f, &o, draw, p), &o, e);
    cairo_surface_destroy(surface); /* which may write once more */
    if (fclose(o.file) != 0 && rc == 0)
        rc = err_errno(e, "cannot write");
    return rc;
}

int plot_check_name(const char *path, struct err *e)
{
    char brief[200];
    if (format_of(path))
        return 0;
    return err_set(e, ERR_USAGE,
                   "%s: not a kind of picture (use a name that ends in .svg, .png or .pdf)",
                   text_brief(path, brief, sizeof brief));
}

/* Lets go of what cairo and fontconfig keep for a next picture: their pointers to it are hidden, so
 * that it would look lost. */
static void drop_fonts(void)
{
    cairo_debug_reset_static_data();
    FcFini();
}

int picture_write(const char *path, double width, double height, picture_fn *draw, struct page *p,
                  struct err *e)
{
    char brief[200];
    int rc = write_file(path, width, height, draw, p, e);
    drop_fonts();
    if (rc == 0)
        return 0;
    return err_wrap(e, "%s", text_brief(path, brief, sizeof brief));
}
