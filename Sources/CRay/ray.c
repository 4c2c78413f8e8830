#include "ray.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct ray_index {
    double west, south, per_x, per_y;
    int side, polygons;
    int *bucket;   // side * side + 1 places in `held`
    int *held;     // polygons, bucket after bucket
    int *first;
    double *corners;
    double *boxes; // west, south, east, north of each polygon
};

static int step(double value, double origin, double per, int side) {
    int at = (int)((value - origin) * per);
    return at < 0 ? 0 : at >= side ? side - 1 : at;
}

ray_index *ray_make(const double *corners, const int *first, int polygons) {
    ray_index *index = calloc(1, sizeof *index);
    if (!index) return NULL;
    int count = first[polygons];
    index->polygons = polygons;
    index->corners = malloc(sizeof(double) * 2 * count);
    index->first = malloc(sizeof(int) * (polygons + 1));
    index->boxes = malloc(sizeof(double) * 4 * polygons);
    index->side = (int)ceil(sqrt((double)polygons) * 4);
    index->bucket = calloc((size_t)index->side * index->side + 1, sizeof(int));
    if (!index->corners || !index->first || !index->boxes || !index->bucket) { ray_free(index); return NULL; }
    memcpy(index->corners, corners, sizeof(double) * 2 * count);
    memcpy(index->first, first, sizeof(int) * (polygons + 1));
    double west = INFINITY, south = INFINITY, east = -INFINITY, north = -INFINITY;
    for (int i = 0; i < polygons; i++) {
        double *box = index->boxes + 4 * i;
        box[0] = box[1] = INFINITY;
        box[2] = box[3] = -INFINITY;
        for (int k = first[i]; k < first[i + 1]; k++) {
            box[0] = fmin(box[0], corners[2 * k]);
            box[1] = fmin(box[1], corners[2 * k + 1]);
            box[2] = fmax(box[2], corners[2 * k]);
            box[3] = fmax(box[3], corners[2 * k + 1]);
        }
        west = fmin(west, box[0]);
        south = fmin(south, box[1]);
        east = fmax(east, box[2]);
        north = fmax(north, box[3]);
    }
    index->west = west;
    index->south = south;
    index->per_x = index->side / (east - west);
    index->per_y = index->side / (north - south);
    // Once to count, once to fill.
    for (int turn = 0; turn < 2; turn++) {
        for (int i = polygons - 1; i >= 0; i--) {
            double *box = index->boxes + 4 * i;
            int x0 = step(box[0], west, index->per_x, index->side), x1 = step(box[2], west, index->per_x, index->side);
            int y0 = step(box[1], south, index->per_y, index->side), y1 = step(box[3], south, index->per_y, index->side);
            for (int y = y0; y <= y1; y++) {
                for (int x = x0; x <= x1; x++) {
                    int place = y * index->side + x;
                    if (turn == 0) index->bucket[place]++;
                    else index->held[--index->bucket[place]] = i;
                }
            }
        }
        if (turn == 0) {
            int sum = 0, places = index->side * index->side;
            for (int place = 0; place <= places; place++) {
                sum += index->bucket[place];
                index->bucket[place] = sum;
            }
            index->held = malloc(sizeof(int) * (sum + 1));
            if (!index->held) { ray_free(index); return NULL; }
        }
    }
    return index;
}

int ray_find(const ray_index *index, double x, double y) {
    double across = (x - index->west) * index->per_x, up = (y - index->south) * index->per_y;
    if (!(across >= 0 && up >= 0 && across < index->side && up < index->side)) return -1;
    int place = (int)up * index->side + (int)across;
    for (int k = index->bucket[place]; k < index->bucket[place + 1]; k++) {
        int polygon = index->held[k];
        const double *box = index->boxes + 4 * polygon;
        if (x < box[0] || y < box[1] || x > box[2] || y > box[3]) continue;
        int inside = 0, from = index->first[polygon], to = index->first[polygon + 1];
        double bx = index->corners[2 * (to - 1)], by = index->corners[2 * (to - 1) + 1];
        for (int c = from; c < to; c++) {
            double ax = index->corners[2 * c], ay = index->corners[2 * c + 1];
            if ((ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax) inside = !inside;
            bx = ax;
            by = ay;
        }
        if (inside) return polygon;
    }
    return -1;
}

void ray_free(ray_index *index) {
    if (!index) return;
    free(index->bucket);
    free(index->held);
    free(index->first);
    free(index->corners);
    free(index->boxes);
    free(index);
}
