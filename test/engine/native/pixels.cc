// Cases of loops-normalise, -pixels and -pool.inc.
#include "cases.h"

using namespace workbench;

namespace {

std::string Sizes(int64_t pixels, int64_t channels) { return std::to_string(pixels) + "x" + std::to_string(channels); }

void Append(Numbers *to, const Numbers &more) { to->insert(to->end(), more.begin(), more.end()); }

void AddNormalisation(std::vector<Case> *cases, int64_t pixels, int64_t channels) {
  const std::string sizes = Sizes(pixels, channels);
  const int64_t size = pixels * channels;
  cases->push_back({"moments", sizes, [=](const Loops &loops) {
                      const Numbers x = Pattern(size, 1);
                      Numbers mean(channels), squares(channels);
                      loops.moments(pixels, channels, x.data(), mean.data(), squares.data());
                      Append(&mean, squares);
                      return mean;
                    }});
  const auto with = [=](const std::function<void(const Loops &, const Normalisation &, const float *x, const float *dy, Numbers *to)> &work) {
    return [=](const Loops &loops) {
      const Numbers x = Pattern(size, 1), dy = Pattern(size, 2), mean = Pattern(channels, 3), factor = Pattern(channels, 4), offset = Pattern(channels, 5);
      Numbers to(size);
      work(loops, {.mean = mean.data(), .factor = factor.data(), .offset = offset.data()}, x.data(), dy.data(), &to);
      return to;
    };
  };
  cases->push_back({"rectify", sizes, with([=](const Loops &loops, const Normalisation &by, const float *x, const float *, Numbers *to) {
                      loops.rectify(by, pixels, channels, x, to->data());
                    })});
  cases->push_back({"rectified_sums", sizes, with([=](const Loops &loops, const Normalisation &by, const float *x, const float *dy, Numbers *to) {
                      Numbers products(channels);
                      to->resize(channels);
                      loops.rectified_sums(by, pixels, channels, x, dy, to->data(), products.data());
                      Append(to, products);
                    })});
  cases->push_back({"rectify_gradient", sizes, with([=](const Loops &loops, const Normalisation &by, const float *x, const float *dy, Numbers *to) {
                      const Numbers share = Pattern(channels, 6), slope = Pattern(channels, 7);
                      loops.rectify_gradient(by, share.data(), slope.data(), pixels, channels, x, dy, to->data());
                    })});
}

void AddMeans(std::vector<Case> *cases, int64_t pixels, int64_t channels) {
  const std::string sizes = Sizes(pixels, channels);
  cases->push_back({"average", sizes, [=](const Loops &loops) {
                      const Numbers image = Pattern(pixels * channels, 1);
                      Numbers mean(channels);
                      loops.average(pixels, channels, image.data(), mean.data());
                      return mean;
                    }});
  cases->push_back({"add_everywhere", sizes, [=](const Loops &loops) {
                      const Numbers image = Pattern(pixels * (channels + 3), 1), values = Pattern(channels, 2);
                      Numbers sum(pixels * channels);
                      loops.add_everywhere(pixels, channels, channels + 3, 0.25f, values.data(), image.data(), sum.data());
                      return sum;
                    }});
  cases->push_back({"join_average", sizes, [=](const Loops &loops) {
                      const Numbers first = Pattern(pixels * channels, 1), second = Pattern(pixels * 11, 2);
                      Numbers joined(pixels * (channels + 11)), mean(channels + 11);
                      loops.join_average(pixels, channels, 11, first.data(), second.data(), joined.data(), mean.data());
                      Append(&joined, mean);
                      return joined;
                    }});
}

void AddPooling(std::vector<Case> *cases, int64_t channels) {
  cases->push_back({"pool_half", Sizes(6, channels), [=](const Loops &loops) {
                      const Numbers x = Pattern(4 * 6 * channels, 1);
                      Numbers y(6 * channels);
                      loops.pool_half(2, 3, channels, x.data(), y.data());
                      return y;
                    }});
  for (const Pooling &pool : {Pooling{.rows = 6, .columns = 8, .out_rows = 3, .out_columns = 4, .height = 2, .width = 2, .stride_rows = 2,
                                      .stride_columns = 2, .top = 0, .left = 0},
                              Pooling{.rows = 5, .columns = 7, .out_rows = 5, .out_columns = 7, .height = 3, .width = 3, .stride_rows = 1,
                                      .stride_columns = 1, .top = 1, .left = 1}}) {
    cases->push_back({"pool_gradient", Sizes(pool.height, channels), [=](const Loops &loops) {
                        const int64_t size = pool.rows * pool.columns * channels, pooled = pool.out_rows * pool.out_columns * channels;
                        // Few different values: most windows have ties.
                        Numbers x = Pattern(size, 1), y(pooled, 1.0f), dx(size);
                        for (float &value : x) value = value > 0 ? 1.0f : -1.0f;
                        const Numbers dy = Pattern(pooled, 2);
                        loops.pool_gradient(pool, channels, x.data(), y.data(), dy.data(), dx.data());
                        return dx;
                      }});
  }
}

}  // namespace

void AddPixels(std::vector<Case> *cases) {
  for (int64_t channels : {1, 3, 8, 16, 19, 24, 32, 40, 48, 64, 80, 120, 136}) {
    for (int64_t pixels : {1, 7, 64, 333, 1030}) AddNormalisation(cases, pixels, channels), AddMeans(cases, pixels, channels);
    AddPooling(cases, channels);
  }
}
