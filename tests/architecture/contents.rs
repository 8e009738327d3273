//! What a file defines, imports and mentions, as it is written; what a name refers to is not known here.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// A name that a file mentions: `Order`, `ipc::Order`, `crate::ipc::Order`.
pub(crate) struct Mention {
    /// The module in which it stands; an inline module has a path of its own.
    pub(crate) scope: Vec<String>,
    pub(crate) path: Vec<String>,
    pub(crate) line: usize,
    pub(crate) in_tests: bool,
}

/// A name that `use` brings into a module.
pub(crate) struct Import {
    pub(crate) mention: Mention,
    /// What it is called there; `*` for everything.
    pub(crate) name: String,
    /// Whether others may import it from there.
    pub(crate) is_re_export: bool,
}

/// A method in an `impl` block without a trait.
pub(crate) struct Method {
    pub(crate) of: Mention,
    pub(crate) name: String,
}

/// A function or method that a file defines.
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    /// Whether it takes `&mut self`.
    pub(crate) changes: bool,
    /// Whether it returns something.
    pub(crate) answers: bool,
    /// Whether it is a test itself.
    pub(crate) is_test: bool,
}

/// What a file defines, imports and mentions.
#[derive(Default)]
pub(crate) struct Contents {
    pub(crate) imports: Vec<Import>,
    pub(crate) mentions: Vec<Mention>,
    /// Names of items, each with the module in which it stands.
    pub(crate) items: Vec<(Vec<String>, String)>,
    /// Child modules in files of their own, or inline ones; and whether they are for tests only.
    pub(crate) modules: Vec<(Vec<String>, bool)>,
    pub(crate) methods: Vec<Method>,
    /// Structs, enums, unions, traits and aliases, with their lines.
    pub(crate) types: Vec<(String, usize)>,
    pub(crate) functions: Vec<Function>,
    /// Methods that are called: `stop` of `player.stop()`.
    pub(crate) calls: Vec<Mention>,
    scope: Vec<String>,
    in_tests: bool,
    is_test: bool,
}

impl Contents {
    /// Of a file that is the module `path`.
    pub(crate) fn of(syntax: &syn::File, path: Vec<String>) -> Self {
        let mut contents = Self { scope: path, ..Self::default() };
        contents.visit_file(syntax);
        contents
    }

    /// Whether a path in the file begins with the name of this library.
    pub(crate) fn names(&self, library: &str) -> bool {
        let imports = self.imports.iter().map(|import| &import.mention);
        imports.chain(&self.mentions).any(|mention| mention.path.len() > 1 && mention.path[0] == library)
    }

    fn mention<'a>(&self, names: impl IntoIterator<Item = &'a Ident>) -> Mention {
        let names: Vec<&Ident> = names.into_iter().collect();
        let line = names.first().map_or(0, |name| name.span().start().line);
        let path = names.into_iter().map(Ident::to_string).collect();
        Mention { scope: self.scope.clone(), path, line, in_tests: self.in_tests }
    }

    fn import<'a>(&mut self, tree: &'a syn::UseTree, before: &mut Vec<&'a Ident>, is_re_export: bool) {
        let (name, last) = match tree {
            syn::UseTree::Path(path) => {
                before.push(&path.ident);
                self.import(&path.tree, before, is_re_export);
                before.pop();
                return;
            }
            syn::UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.import(tree, before, is_re_export));
            }
            syn::UseTree::Name(name) if name.ident == "self" => (before.last().copied(), None),
            syn::UseTree::Name(name) => (Some(&name.ident), Some(&name.ident)),
            syn::UseTree::Rename(rename) if rename.ident == "self" => (Some(&rename.rename), None),
            syn::UseTree::Rename(rename) => (Some(&rename.rename), Some(&rename.ident)),
            syn::UseTree::Glob(_) => (None, None),
        };
        let mention = self.mention(before.iter().copied().chain(last));
        let name = name.map_or_else(|| "*".to_owned(), Ident::to_string);
        self.imports.push(Import { mention, name, is_re_export });
    }

    /// The paths in a macro's arguments, which are not parsed.
    fn scan(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let is = |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => self.scan(group.stream()),
                TokenTree::Ident(first) => {
                    let mut names = vec![first];
                    let is_field_or_method = at > 0 && is(at - 1, '.');
                    while let (true, true, Some(TokenTree::Ident(next))) =
                        (is(at + 1, ':'), is(at + 2, ':'), tokens.get(at + 3))
                    {
                        names.push(next);
                        at += 3;
                    }
                    let mention = self.mention(names);
                    let list = if is_field_or_method { &mut self.calls } else { &mut self.mentions };
                    list.push(mention);
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            at += 1;
        }
    }
}

/// Whether something is compiled for tests only.
fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.tokens.to_string();
            let mut words = condition.split(|c: char| !c.is_alphanumeric() && c != '_');
            words.any(|word| word == "test") && !condition.contains("not")
        }
        _ => is_test(attribute),
    })
}

fn is_test(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("test")
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Union(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn name(item: &syn::Item) -> Option<&Ident> {
    match item {
        syn::Item::Const(item) => Some(&item.ident),
        syn::Item::Enum(item) => Some(&item.ident),
        syn::Item::Fn(item) => Some(&item.sig.ident),
        syn::Item::Macro(item) => item.ident.as_ref(),
        syn::Item::Static(item) => Some(&item.ident),
        syn::Item::Struct(item) => Some(&item.ident),
        syn::Item::Trait(item) => Some(&item.ident),
        syn::Item::Type(item) => Some(&item.ident),
        syn::Item::Union(item) => Some(&item.ident),
        _ => None,
    }
}

fn is_type(item: &syn::Item) -> bool {
    use syn::Item::{Enum, Struct, Trait, Type, Union};
    matches!(item, Enum(_) | Struct(_) | Trait(_) | Type(_) | Union(_))
}

impl<'a> Visit<'a> for Contents {
    fn visit_item(&mut self, item: &'a syn::Item) {
        let around = self.in_tests;
        self.in_tests |= is_for_tests(attributes(item));
        if let Some(name) = name(item) {
            self.items.push((self.scope.clone(), name.to_string()));
        }
        if let (true, Some(name)) = (is_type(item), name(item)) {
            self.types.push((name.to_string(), name.span().start().line));
        }
        visit::visit_item(self, item);
        self.in_tests = around;
    }

    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        self.scope.push(item.ident.to_string());
        self.modules.push((self.scope.clone(), self.in_tests));
        visit::visit_item_mod(self, item);
        self.scope.pop();
    }

    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        self.is_test = item.attrs.iter().any(is_test);
        visit::visit_item_fn(self, item);
    }

    fn visit_signature(&mut self, signature: &'a syn::Signature) {
        let changes = signature
            .receiver()
            .is_some_and(|receiver| matches!(receiver.kind, syn::ReceiverKind::Reference(_, _, Some(_))));
        let answers = match &signature.output {
            syn::ReturnType::Default => false,
            syn::ReturnType::Type(_, answer) => {
                !matches!(&**answer, syn::Type::Tuple(tuple) if tuple.elems.is_empty())
            }
        };
        self.functions.push(Function {
            name: signature.ident.to_string(),
            line: signature.ident.span().start().line,
            changes,
            answers,
            is_test: std::mem::take(&mut self.is_test),
        });
        visit::visit_signature(self, signature);
    }

    /// Another library has named it.
    fn visit_foreign_item(&mut self, _: &'a syn::ForeignItem) {}

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        let is_re_export = !matches!(item.vis, syn::Visibility::Inherited);
        self.import(&item.tree, &mut Vec::new(), is_re_export);
    }

    fn visit_item_impl(&mut self, item: &'a syn::ItemImpl) {
        if let (None, syn::Type::Path(of)) = (&item.trait_, &*item.self_ty) {
            for part in &item.items {
                if let syn::ImplItem::Fn(method) = part {
                    let of = self.mention(of.path.segments.iter().map(|segment| &segment.ident));
                    self.methods.push(Method { of, name: method.sig.ident.to_string() });
                }
            }
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let mention = self.mention(path.segments.iter().map(|segment| &segment.ident));
        self.mentions.push(mention);
        visit::visit_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        let mention = self.mention([&call.method]);
        self.calls.push(mention);
        visit::visit_expr_method_call(self, call);
    }

    /// `#[derive(clap::Parser)]`.
    fn visit_meta_list(&mut self, list: &'a syn::MetaList) {
        self.scan(list.tokens.clone());
        visit::visit_meta_list(self, list);
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        self.scan(call.tokens.clone());
        visit::visit_macro(self, call);
    }
}
