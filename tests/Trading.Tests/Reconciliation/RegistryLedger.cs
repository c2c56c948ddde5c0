using System.Net;
using CarbonMarket.Contracts.Settlement.V1.Grpc;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.Trading.Tests.Reconciliation;

/// <summary>Settlement's ledger as far as Trading asks it: real gRPC over HTTP/2, with the accounts the test puts there.</summary>
internal sealed class RegistryLedger : IAsyncDisposable
{
    private WebApplication? _app;

    public Dictionary<string, TradingAccount> Accounts { get; } = new(StringComparer.Ordinal);

    public Uri Address => new(_app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public string? LastToken { get; private set; }

    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        _app = builder.Build();
        _app.MapGrpcService<Queries>();
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    /// <summary>The service side of the contract, of which Trading itself only has the client's.</summary>
    [BindServiceMethod(typeof(LedgerQueries), nameof(Bind))]
    internal abstract class LedgerQueries
    {
        private static readonly Method<ListTradingAccountsRequest, ListTradingAccountsReply> List = new(
            MethodType.Unary, "carbonmarket.settlement.v1.LedgerQueries", "ListTradingAccounts",
            Marshallers.Create(request => request.ToByteArray(), ListTradingAccountsRequest.Parser.ParseFrom),
            Marshallers.Create(reply => reply.ToByteArray(), ListTradingAccountsReply.Parser.ParseFrom));

        public static void Bind(ServiceBinderBase binder, LedgerQueries? service) =>
            binder.AddMethod(List, service is null ? null : service.ListTradingAccounts);

        public abstract Task<ListTradingAccountsReply> ListTradingAccounts(ListTradingAccountsRequest request, ServerCallContext context);
    }

    private sealed class Queries(RegistryLedger ledger) : LedgerQueries
    {
        /// <summary>One account a page, so that paging is always walked.</summary>
        public override Task<ListTradingAccountsReply> ListTradingAccounts(ListTradingAccountsRequest request, ServerCallContext context)
        {
            ledger.LastToken = context.RequestHeaders.GetValue("authorization");
            var left = ledger.Accounts.Values.OrderBy(account => account.ParticipantId, StringComparer.Ordinal)
                .Where(account => string.CompareOrdinal(account.ParticipantId, request.AfterParticipantId) > 0).ToList();
            return Task.FromResult(new ListTradingAccountsReply { Accounts = { left.Take(1) }, HasMore = left.Count > 1, LedgerVersion = 7 });
        }
    }
}
