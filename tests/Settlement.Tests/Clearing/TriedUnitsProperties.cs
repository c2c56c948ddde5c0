using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using CsCheck;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Clearing;

/// <summary>What a clearing run tries beside an account leaves it in the same order as what moves on it.</summary>
public sealed class TriedUnitsProperties
{
    private const int Blocks = 12;

    [Fact]
    public void Units_leave_a_tried_account_as_they_leave_the_account() =>
        Gen.Select(Gen.Int[0, Blocks], Gen.Select(Gen.Long[1, 60], Gen.Bool).Array[0, 40], Gen.Shuffle(Enumerable.Range(0, Blocks).ToArray()))
            .Sample((settled, changes, order) =>
            {
                var account = new Account(Guid.Empty, "1", Guid.Empty, AccountTypes.Trading);
                var moved = new UnitHoldings();
                foreach (var place in order.Take(settled))
                {
                    account.Units.Put(Uka, At(place));
                    moved.Put(Uka, At(place));
                }
                var incoming = new Queue<Block>(order.Skip(settled).Select(At));
                var tried = new TriedAccount(account).Units(Uka);
                foreach (var (wanted, takes) in changes)
                {
                    if (takes && moved.Of(Uka) is { IsZero: false } there)
                    {
                        var expected = moved.Oldest(Uka, Quantity.Min(there, Units(wanted)));
                        foreach (var block in expected)
                            moved.Take(Uka, block);
                        tried.Take(expected.Quantity).ShouldBe(expected);
                    }
                    else if (incoming.TryDequeue(out var block))
                    {
                        tried.Put(block);
                        moved.Put(Uka, block);
                    }
                    tried.Quantity.ShouldBe(moved.Of(Uka));
                }
            });

    // Of two vintages; every second one touches the one before it.
    private static Block At(int place)
    {
        var first = (place / 2 * 50) + (place % 2 * 10) + 1;
        return new Block(place % 3 == 0 ? Y2022 : Y2021, first, first + 9);
    }
}
