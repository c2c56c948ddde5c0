using System.Collections.Immutable;
using CarbonMarket.Trading.Reconciliation;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Reconciliation;

public sealed class MirrorSpecs
{
    private static readonly Position AnnsCash = new(Ann, Position.Cash);

    [Fact]
    public void A_mirror_shows_what_is_settled_and_pending_and_not_what_is_reserved() =>
        Spec.Given(Cash(Ann, 1_500), Units(Bob, 10)).After(Sell(Bob, "s1", 10, 100)).When(Buy(Ann, "b1", 12, 100)).ThenState(market =>
            Mirror.Of(market).ShouldBe(new Dictionary<Position, Amounts>
            {
                [new(Ann, Position.Cash)] = new(1_500, 0, 1_000),
                [new(Ann, Plain)] = new(0, 10, 0),
                [new(Bob, Position.Cash)] = new(0, 1_000, 0),
                [new(Bob, Plain)] = new(10, 0, 10),
            }, ignoreOrder: true));

    [Fact]
    public void Equal_sides_differ_in_nothing_and_a_nought_equals_nothing() =>
        Mirror.Compare(Of((AnnsCash, new(5, 0, 0)), (new(Bob, Plain), default)), Of((AnnsCash, new(5, 0, 0)))).ShouldBeEmpty();

    [Fact]
    public void Every_position_that_differs_is_named_with_both_sides() =>
        Mirror.Compare(Of((AnnsCash, new(5, 0, 1)), (new(Bob, Plain), new(3, 0, 0))), Of((AnnsCash, new(5, 0, 2)), (new(Cem, Plain), new(1, 0, 0))))
            .ShouldBe(
            [
                new Difference(Ann, Position.Cash, new(5, 0, 1), new(5, 0, 2)),
                new Difference(Bob, Plain, new(3, 0, 0), default),
                new Difference(Cem, Plain, default, new(1, 0, 0)),
            ], ignoreOrder: true);

    private static ImmutableDictionary<Position, Amounts> Of(params (Position Position, Amounts Amounts)[] positions) =>
        positions.ToImmutableDictionary(each => each.Position, each => each.Amounts);
}
