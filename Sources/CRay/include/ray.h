// Which of many polygons holds a point, the usual way: a grid of buckets that name the polygons whose box touches them, and a ray cast
// through each of these. The limit that `weiwang bench locate` takes beside the platform's own index.
#pragma once

typedef struct ray_index ray_index;

// Corners as x, y in turn; polygon i has the corners first[i] ..< first[i + 1], not closed. Corners and `first` are copied.
ray_index *ray_make(const double *corners, const int *first, int polygons);
// The polygon that holds the point, or -1.
int ray_find(const ray_index *index, double x, double y);
void ray_free(ray_index *index);
