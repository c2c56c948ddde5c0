using CsCheck;

namespace CarbonMarket.Settlement.Ledger;

public sealed class SerialRangesSpecs
{
    [Fact]
    public void Neighbouring_ranges_become_one()
    {
        var ranges = Of((1, 10), (21, 30));
        ranges.Add(11, 20);
        ranges.Ranges.ShouldBe([new SerialRange(1, 30)]);
        ranges.Count.ShouldBe(30);
    }

    [Fact]
    public void Taking_from_the_middle_leaves_both_ends()
    {
        var ranges = Of((1, 30));
        ranges.Remove(11, 20);
        ranges.Ranges.ShouldBe([new SerialRange(1, 10), new SerialRange(21, 30)]);
    }

    [Theory]
    [InlineData(10, 12)]
    [InlineData(1, 1)]
    [InlineData(0, 40)]
    public void A_serial_is_never_added_twice(long first, long last) =>
        Should.Throw<LedgerImbalanceException>(() => Of((1, 10), (21, 30)).Add(first, last));

    [Theory]
    [InlineData(5, 15)]
    [InlineData(11, 12)]
    [InlineData(5, 25)]
    public void A_serial_that_is_not_there_is_never_taken(long first, long last) =>
        Should.Throw<LedgerImbalanceException>(() => Of((1, 10), (21, 30)).Remove(first, last));

    [Fact]
    public void They_are_a_set_of_numbers_whatever_the_order_of_changes() =>
        Gen.Select(Gen.Long[1, 60], Gen.Long[0, 9], Gen.Bool).Array[0, 60].Sample(changes =>
        {
            var ranges = new SerialRanges();
            var naive = new SortedSet<long>();
            foreach (var (first, length, adds) in changes)
            {
                var numbers = Enumerable.Range(0, (int)length + 1).Select(offset => first + offset).ToList();
                if (adds && !numbers.Any(naive.Contains))
                {
                    ranges.Add(first, first + length);
                    naive.UnionWith(numbers);
                }
                else if (!adds && numbers.TrueForAll(naive.Contains))
                {
                    ranges.Remove(first, first + length);
                    naive.ExceptWith(numbers);
                }
            }
            var all = ranges.Ranges.SelectMany(range => Enumerable.Range(0, (int)range.Count).Select(offset => range.First + offset));
            return all.SequenceEqual(naive) && ranges.Count == naive.Count
                && ranges.Ranges.Zip(ranges.Ranges.Skip(1)).All(pair => pair.First.Last + 1 < pair.Second.First);
        });

    private static SerialRanges Of(params (long First, long Last)[] ranges)
    {
        var made = new SerialRanges();
        foreach (var (first, last) in ranges)
            made.Add(first, last);
        return made;
    }
}
