// Subtraction-free elimination: symbolic analysis and the left-looking numeric factor.
// Definition: s_j = slack_j + sum_k l_jk s_k, a_ij = w_ij + sum_k l_ik l_jk d_k, d_j = s_j + sum_{i>j} a_ij, l_ij = a_ij / d_j.
// Convention: only sums, products and quotients of non-negative numbers occur, so every entry keeps its relative accuracy.
#include "elimination.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

namespace erlangen {

void symbolic(std::int64_t n, const std::int64_t* start, const std::int32_t* index, std::vector<std::int32_t>& parent,
              std::vector<std::int64_t>& count) {
  parent.assign(n, -1);
  count.assign(n, 0);
  // Liu's algorithm with path compression: row i of the full symmetric pattern, its columns below i.
  std::vector<std::int32_t> ancestor(n, -1);
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t p = start[i]; p < start[i + 1]; ++p) {
      std::int32_t k = index[p];
      while (k != -1 && k < i) {
        const std::int32_t next = ancestor[k];
        ancestor[k] = static_cast<std::int32_t>(i);
        if (next == -1) parent[k] = static_cast<std::int32_t>(i);
        k = next;
      }
    }
  // The row subtree of i is reached from its columns by climbing until a marked vertex.
  std::vector<std::int32_t> mark(n, -1);
  for (std::int64_t i = 0; i < n; ++i) {
    mark[i] = static_cast<std::int32_t>(i);
    for (std::int64_t p = start[i]; p < start[i + 1]; ++p) {
      std::int32_t k = index[p];
      if (k >= i) continue;
      for (; mark[k] != i; k = parent[k]) {
        mark[k] = static_cast<std::int32_t>(i);
        ++count[k];
      }
    }
  }
}

Factor factorise(std::int64_t n, const std::int64_t* start, const std::int32_t* index, const double* weight, const double* slack) {
  std::vector<std::int32_t> parent;
  std::vector<std::int64_t> count;
  symbolic(n, start, index, parent, count);
  Factor f;
  f.n = n;
  f.start.assign(n + 1, 0);
  std::partial_sum(count.begin(), count.end(), f.start.begin() + 1);
  f.row.resize(f.start[n]);
  f.value.resize(f.start[n]);
  f.pivot.resize(n);
  std::vector<double> work(n, 0.0), s(slack, slack + n);
  std::vector<std::int32_t> mark(n, -1), head(n, -1), link(n, -1);
  std::vector<std::int64_t> cursor(n, 0);
  for (std::int64_t j = 0; j < n; ++j) {
    const auto here = static_cast<std::int32_t>(j);
    std::int64_t fill = f.start[j];
    // The symbolic analysis reads the lower half of the pattern, this loop the upper one: they must be one another's mirror.
    const auto take = [&](std::int32_t i) {
      if (fill == f.start[j + 1]) throw std::invalid_argument("the pattern is not symmetric at column " + std::to_string(j));
      mark[i] = here;
      f.row[fill++] = i;
      work[i] = 0.0;
    };
    mark[j] = here;
    for (std::int64_t p = start[j]; p < start[j + 1]; ++p) {
      const std::int32_t i = index[p];
      if (i <= j) continue;
      if (mark[i] != here) take(i);
      work[i] += weight[p];
    }
    for (std::int32_t k = head[j]; k != -1;) {
      const std::int32_t next = link[k];
      const std::int64_t from = cursor[k], to = f.start[k + 1];
      const double l_jk = f.value[from], factor = l_jk * f.pivot[k];
      s[j] += l_jk * s[k];
      for (std::int64_t p = from + 1; p < to; ++p) {
        const std::int32_t i = f.row[p];
        if (mark[i] != here) take(i);
        work[i] += f.value[p] * factor;
      }
      if (from + 1 < to) {  // column k is next needed at the row of its next entry
        cursor[k] = from + 1;
        const std::int32_t i = f.row[from + 1];
        link[k] = head[i];
        head[i] = k;
      }
      k = next;
    }
    if (fill != f.start[j + 1]) throw std::invalid_argument("the pattern is not symmetric at column " + std::to_string(j));
    std::sort(f.row.begin() + f.start[j], f.row.begin() + fill);
    double pivot = s[j];
    for (std::int64_t p = f.start[j]; p < fill; ++p) pivot += work[f.row[p]];
    if (!(pivot > 0.0) || !std::isfinite(pivot)) throw std::domain_error(std::to_string(j));
    f.pivot[j] = pivot;
    for (std::int64_t p = f.start[j]; p < fill; ++p) f.value[p] = work[f.row[p]] / pivot;
    if (f.start[j] < fill) {
      cursor[j] = f.start[j];
      const std::int32_t i = f.row[f.start[j]];
      link[j] = head[i];
      head[i] = here;
    }
  }
  return f;
}

}  // namespace erlangen
