//! Generates the operations with progenitor, and adapts them to the client by editing the syntax tree.

use anyhow::{Context, ensure};
use heck::ToUpperCamelCase as _;
use progenitor_impl::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl};
use quote::quote;
use syn::{Attribute, Expr, File, Item, parse_quote, visit_mut::VisitMut};

use super::document::{Document, Operation};

pub(crate) fn write(document: &Document) -> anyhow::Result<String> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(Inner));
    for (component, field_type) in &document.components {
        settings.with_replacement(component, field_type.rust_path(), [TypeImpl::Display].into_iter());
    }
    let tokens = Generator::new(&settings).generate_tokens(&document.api)?;

    let mut file: File = syn::parse2(tokens).context("progenitor wrote invalid Rust")?;
    ensure_no_types(&file)?;
    fit(&mut file, document)?;
    // The generated code refers to a run-time crate. In the client, it is a module.
    Ok(prettyplease::unparse(&file).replace("progenitor_client::", "crate::progenitor_client::"))
}

/// Fails if progenitor wrote types of its own, because the client does not contain them.
fn ensure_no_types(file: &File) -> anyhow::Result<()> {
    let modules = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    let names = modules.flat_map(|(_, items)| items).filter_map(|item| match item {
        Item::Struct(syn::ItemStruct { ident, .. }) | Item::Enum(syn::ItemEnum { ident, .. }) => {
            Some(format!("types::{ident}"))
        }
        _ => None,
    });
    let names: Vec<_> = names.collect();
    ensure!(
        names.is_empty(),
        "progenitor wrote types of its own: {}\nhint: move each schema to a component with an UpperCamelCase name",
        names.join(", ")
    );
    Ok(())
}

fn fit(file: &mut File, document: &Document) -> anyhow::Result<()> {
    file.attrs.push(
        parse_quote!(#![doc = " Request builders for the operations of the API. [`Client::api`](crate::Client::api) returns them."]),
    );
    // The types are in `types.rs` instead.
    file.items.retain(|item| match item {
        Item::Mod(module) => module.ident == "builder",
        Item::Use(_) => false,
        // The transport reads the fields and needs no traits.
        Item::Impl(item) => item.trait_.is_none(),
        _ => true,
    });
    file.items.insert(
        0,
        parse_quote!(
            use progenitor_client::{ClientHooks, Inner};
        ),
    );
    let mut edit = Edit { document, preset: 0, responses: 0, operation: None };
    edit.visit_file_mut(file);
    for (what, count) in [("the store id", edit.preset), ("the reading of responses", edit.responses)] {
        let all = document.operations.len();
        ensure!(
            count == all,
            "{count} of {all} operations were adapted for {what}: the output of progenitor has changed"
        );
    }
    Ok(())
}

/// Writes `operation_table.rs`: the facts about each operation that the client and the sandbox use at run time.
pub(crate) fn write_table(document: &Document) -> String {
    let rows = document.operations.iter().map(|Operation { name, method, path, scopes, deprecated, .. }| {
        let deprecated = deprecated.as_ref().map_or_else(|| quote!(None), |note| quote!(Some(#note)));
        quote!(Operation { name: #name, method: #method, path: #path, scopes: &[#(#scopes),*], deprecated: #deprecated })
    });
    prettyplease::unparse(&parse_quote! {
        //! The table of the operations.

        use crate::schema::Operation;

        /// All operations of the API, with the access scopes that they require.
        pub const OPERATIONS: &[Operation] = &[#(#rows),*];
    })
}

struct Edit<'a> {
    document: &'a Document,
    /// The number of builders that use the store of the client.
    preset: usize,
    /// The number of operations whose responses the client reads.
    responses: usize,
    /// The operation of the current builder.
    operation: Option<&'a Operation>,
}

impl<'a> Edit<'a> {
    fn operation(&self, name: &str) -> Option<&'a Operation> {
        self.document.operations.iter().find(|operation| operation.name == name)
    }

    fn operation_of_builder(&self, name: &str) -> Option<&'a Operation> {
        self.document.operations.iter().find(|operation| operation.name.to_upper_camel_case() == name)
    }
}

impl VisitMut for Edit<'_> {
    fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
        if item.ident == "Client" {
            set_doc(
                &mut item.attrs,
                "The operations of the API. Most callers use the methods of [`crate::Client`] instead.",
            );
        } else if let Some(operation) = self.operation_of_builder(&item.ident.to_string()) {
            let name = &operation.name;
            set_doc(
                &mut item.attrs,
                &format!("The request builder of [`Operations::{name}`](super::Operations::{name})."),
            );
        }
        syn::visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        if module.ident == "builder" {
            set_doc(&mut module.attrs, "The request builders of the operations.");
        }
        if let Some((_, items)) = &mut module.content {
            items.retain(|item| !matches!(item, Item::Use(_)));
            let imports: File = parse_quote! {
                use progenitor_client::{ClientHooks, OperationInfo, encode_path};
                use crate::{Error, ResponseValue};
            };
            items.splice(0..0, imports.items);
        }
        syn::visit_mut::visit_item_mod_mut(self, module);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        let name = match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
            _ => None,
        };
        self.operation = name.as_deref().and_then(|name| self.operation_of_builder(name));
        // `new` builds a reqwest client of its own, which panics if there is no TLS provider.
        item.items.retain(|item| {
            !matches!(item, syn::ImplItem::Fn(function) if name.as_deref() == Some("Client") && function.sig.ident == "new")
        });
        syn::visit_mut::visit_item_impl_mut(self, item);
        self.operation = None;
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
        let name = function.sig.ident.to_string();
        if let Some(operation) = self.operation(&name) {
            let Operation { method, path, summary, description, scopes, .. } = operation;
            let scopes = match scopes.as_slice() {
                [] => "It requires no access scope of its own.".to_owned(),
                scopes => format!("It requires the access scope `{}`.", scopes.join("`, `")),
            };
            let text = format!("{summary}\n\n{description}\n\nSends `{method} {path}`. {scopes}");
            set_doc(&mut function.attrs, &text);
            set_deprecated(&mut function.attrs, operation.deprecated.as_deref());
        } else if name == "new" || name == "new_with_client" {
            function.vis = parse_quote!(pub(crate));
            function.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
        } else if name == "send" {
            let errors = "Sends the request and reads the response.\n\n# Errors\n\nReturns an error if a value of the request \
                          is invalid. See [`Error`] for errors common to all calls.";
            set_doc(&mut function.attrs, errors);
        } else if let Some((operation, text)) = self.operation.and_then(|it| Some((it, it.argument(&name)?))) {
            set_doc(&mut function.attrs, text);
            let parameter = operation.parameters.iter().find(|parameter| parameter.field == name);
            set_deprecated(&mut function.attrs, parameter.and_then(|it| it.deprecated.as_deref()));
            keep_conversion_error(function, &name);
        }
        syn::visit_mut::visit_impl_item_fn_mut(self, function);
    }

    /// Sets the store of the client as the default of each request.
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        if matches!(&field.member, syn::Member::Named(name) if name == "store_id") {
            field.expr = parse_quote!(Ok(client.transport.store_id()));
            self.preset += 1;
        }
        syn::visit_mut::visit_field_value_mut(self, field);
    }

    /// Replaces the handling of statuses with reading the body, because the runtime has already returned all other statuses as
    /// errors.
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if matches!(expression, Expr::Match(matched) if is_status(&matched.expr)) {
            *expression = parse_quote!(ResponseValue::from_response(response));
            self.responses += 1;
        }
        if let Expr::MethodCall(call) = expression
            && call.method == "headers"
        {
            *expression = (*call.receiver).clone();
        }
        if let (Expr::Path(path), Some(operation)) = (&*expression, self.operation)
            && quote!(#path).to_string() == "Error :: InvalidRequest"
        {
            let name = &operation.name;
            *expression = parse_quote!(|reason| Error::invalid_request(reason).with_operation(#name));
        }
        syn::visit_mut::visit_expr_mut(self, expression);
    }

    /// Removes the only header that progenitor sets. It is the version of the document, which the store does not know.
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        block.stmts.retain(|statement| !is_header_map(statement));
        syn::visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_try_mut(&mut self, expression: &mut syn::ExprTry) {
        if let (Expr::MethodCall(call), Some(operation)) = (&*expression.expr, self.operation)
            && call.method == "build"
        {
            let name = &operation.name;
            expression.expr =
                parse_quote!(#call.map_err(|error| Error::invalid_http_request(error).with_operation(#name)));
        }
        syn::visit_mut::visit_expr_try_mut(self, expression);
    }

    /// Renames the client of progenitor, because [`Client`](crate::Client) is another type, and its inner value.
    fn visit_ident_mut(&mut self, ident: &mut syn::Ident) {
        for (name, ours) in [("Client", "Operations"), ("inner", "transport")] {
            if ident == name {
                *ident = syn::Ident::new(ours, ident.span());
            }
        }
    }

    /// Leaves paths such as `reqwest::Client` alone.
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        if path.segments.first().is_none_or(|first| first.ident != "reqwest") {
            syn::visit_mut::visit_path_mut(self, path);
        }
    }

    /// Removes the type parameter of the error, because all operations have the same error type.
    fn visit_path_segment_mut(&mut self, segment: &mut syn::PathSegment) {
        if segment.ident == "Error" {
            segment.arguments = syn::PathArguments::None;
        }
        syn::visit_mut::visit_path_segment_mut(self, segment);
    }
}

/// Adds the reason to conversion errors, which progenitor omits.
fn keep_conversion_error(function: &mut syn::ImplItemFn, argument: &str) {
    struct KeepReason<'a>(&'a str);
    impl VisitMut for KeepReason<'_> {
        fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
            let message = format!("{}: {{reason}}", self.0);
            if matches!(closure.inputs.first(), Some(syn::Pat::Wild(_))) {
                closure.inputs = std::iter::once::<syn::Pat>(parse_quote!(reason)).collect();
                *closure.body = parse_quote!(format!(#message));
            }
        }
    }
    KeepReason(argument).visit_impl_item_fn_mut(function);
    let Some(bounds) = &mut function.sig.generics.where_clause else { return };
    if bounds.predicates.len() == 1 {
        bounds.predicates.push(parse_quote!(V::Error: std::fmt::Display));
    }
}

fn is_header_map(statement: &syn::Stmt) -> bool {
    let text = quote!(#statement).to_string();
    text.starts_with("let mut header_map") || text.starts_with("header_map . append")
}

fn is_status(expression: &Expr) -> bool {
    quote!(#expression).to_string() == "response . status () . as_u16 ()"
}

/// Marks an item as deprecated, which progenitor does not do.
fn set_deprecated(attributes: &mut Vec<Attribute>, note: Option<&str>) {
    attributes.extend(note.map(|note| -> Attribute { parse_quote!(#[deprecated(note = #note)]) }));
}

fn set_doc(attributes: &mut Vec<Attribute>, text: &str) {
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    for line in text.lines() {
        let line = format!(" {line}").trim_end().to_owned();
        attributes.push(parse_quote!(#[doc = #line]));
    }
}
