using CarbonMarket.Contracts.Trading.V1;
using PublicApiGenerator;

namespace CarbonMarket.Contracts;

public sealed class PublicApiTests
{
    [Fact]
    public void The_contracts_are_those_that_were_approved() =>
        Approval.Matches("public-api.txt", typeof(TradesExecuted).Assembly.GeneratePublicApi(new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
        }));

    [Fact]
    public void A_removed_member_is_reported_as_a_break_and_an_added_one_as_an_addition()
    {
        Approval.Explain("f", ["public long Quantity { get; }"], []).ShouldContain("publish a V2 beside it");
        Approval.Explain("f", ["Market", "Market"], ["Market"]).ShouldContain("publish a V2 beside it");
        Approval.Explain("f", [], ["public long? Fee { get; }"]).ShouldContain("Only additions");
    }
}
