using CarbonMarket.Journaling;
using CarbonMarket.Settlement.Obligations;

namespace CarbonMarket.Settlement.Postings;

/// <summary>The ledger's past, as a court asks for it: booked beside the journal, which remains the only truth.</summary>
internal static class PostingsFeature
{
    public static void AddPostings(this WebApplicationBuilder builder)
    {
        builder.Services.AddHostedService<PostingsSchema>();
        builder.Services.AddSingleton<PostingStore>().AddSingleton<PostingHeads>().AddSingleton<PostingHistory>().AddSingleton<Asking>().AddSingleton<PastEntities>();
        builder.Services.AddSingleton<ILeaderDuty, FollowJournal>();
    }

    public static void Map(RouteGroupBuilder market, RouteGroupBuilder accounts)
    {
        GetStatement.Map(accounts);
        GetHoldings.Map(accounts);
        GetUnits.Map(market.MapGroup("/units").WithTags("Units"));
        RebuildPostings.Map(market);
    }
}
